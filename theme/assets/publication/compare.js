// Compares two versions by what each says in its status.json. All words of theirs are put into the page as text.
(function () {
  "use strict";

  function part(name) { return document.querySelector("[data-aipm=" + name + "]"); }

  var form = part("form");
  if (!form || !window.fetch) return;
  var words = form.dataset;
  var body = part("table").tBodies[0];
  var latestRequest = 0;

  function status(version) {
    return fetch(new URL("../" + encodeURIComponent(version) + "/status.json", location.href)).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }

  function word(text) { return text ? String(text).replace(/_/g, " ") : words.notShared; }

  function figureText(figure) {
    if (!figure) return words.nothing;
    if (figure.unknown !== undefined) return words.unknown + ": " + figure.unknown;
    return figure.text;
  }

  function byKey(items, key) {
    var found = new Map();
    (items || []).forEach(function (item) { found.set(key(item), item); });
    return found;
  }

  // Gives [what, before, after] for all that stands in one of two maps and differs.
  function differences(before, after, name, text) {
    var keys = Array.from(new Set(Array.from(before.keys()).concat(Array.from(after.keys())))).sort();
    return keys.map(function (key) {
      return [name(key), text(before.get(key)), text(after.get(key))];
    }).filter(function (row) { return row[1] !== row[2]; });
  }

  function compared(before, after) {
    var rows = [
      [words.asOf, before.as_of, after.as_of],
      [words.overall, word(before.overall.status), word(after.overall.status)]
    ].filter(function (row) { return row[1] !== row[2]; });
    function dimension(item) { return item ? word(item.status) : words.nothing; }
    function title(item) { return item ? item.title || item.record : words.nothing; }
    function due(item) { return item ? item.date + " (" + word(item.state) + ") " + item.title : words.nothing; }
    function named(kind) { return function (key) { return kind + ": " + key; }; }
    return rows.concat(
      differences(
        byKey(before.dimensions, function (d) { return d.name; }),
        byKey(after.dimensions, function (d) { return d.name; }),
        named(words.dimension), dimension
      ),
      differences(
        new Map(Object.entries(before.figures || {})), new Map(Object.entries(after.figures || {})),
        function (name) { return name; }, figureText
      ),
      differences(
        byKey(before.decisions_needed, function (d) { return d.record; }),
        byKey(after.decisions_needed, function (d) { return d.record; }),
        named(words.decision), title
      ),
      differences(
        byKey(before.due, function (d) { return d.record + " " + d.kind; }),
        byKey(after.due, function (d) { return d.record + " " + d.kind; }),
        named(words.due), due
      )
    );
  }

  function print(rows) {
    body.textContent = "";
    rows.forEach(function (row) {
      var line = body.insertRow();
      row.forEach(function (text, column) {
        var cell = line.appendChild(document.createElement(column ? "td" : "th"));
        if (!column) cell.scope = "row";
        cell.textContent = text;
      });
    });
    part("message").textContent = rows.length ? "" : words.same;
    part("scroll").hidden = !rows.length;
  }

  function compare() {
    var request = ++latestRequest;
    var from = form.elements.from.value, to = form.elements.to.value;
    part("before").textContent = from;
    part("after").textContent = to;
    Promise.all([status(from), status(to)]).then(function (both) {
      if (request === latestRequest) print(compared(both[0], both[1]));
    }).catch(function () {
      print([]);
      part("message").textContent = words.failed;
    });
    history.replaceState(null, "", "?from=" + encodeURIComponent(from) + "&to=" + encodeURIComponent(to) + location.hash);
  }

  // Only a name that stands in the list is taken from the address.
  function choose(select, wanted, otherwise) {
    var names = Array.from(select.options).map(function (option) { return option.value; });
    select.selectedIndex = names.indexOf(wanted) >= 0 ? names.indexOf(wanted) : Math.min(otherwise, names.length - 1);
  }

  var asked = new URLSearchParams(location.search);
  choose(form.elements.from, asked.get("from"), 1);
  choose(form.elements.to, asked.get("to"), 0);
  form.addEventListener("change", compare);
  part("without").hidden = true;
  form.hidden = false;
  part("result").hidden = false;
  compare();
})();
