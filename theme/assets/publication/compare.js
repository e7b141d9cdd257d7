// Compares two versions by what each says in its status.json. All words of theirs are put into the page as text.
(function () {
  "use strict";

  function part(name) { return document.querySelector("[data-aipm=" + name + "]"); }

  var form = part("form");
  if (!form || !window.fetch) return;
  var words = form.dataset;
  var groups = part("groups");
  var asked = new URLSearchParams(location.search);
  var selects = [form.elements.from, form.elements.to];
  var latestRequest = 0;
  // From better to worse; what is not reported or not shared is neither.
  var colours = ["green", "amber", "red"];

  function status(version) {
    return fetch(new URL("../" + encodeURIComponent(version) + "/status.json", location.href)).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }

  function word(text) { return text ? String(text).replace(/_/g, " ") : words.notShared; }

  // As field_label does in the page of figures.
  function label(name) { return word(name.charAt(0).toUpperCase() + name.slice(1)); }

  function byKey(items, key) {
    var found = new Map();
    (items || []).forEach(function (item) { found.set(key(item), item); });
    return found;
  }

  // Gives {key, what, before, after} for all that stands in one of two maps and differs as text.
  function differences(before, after, text, what) {
    return Array.from(new Set(Array.from(before.keys()).concat(Array.from(after.keys())))).map(function (key) {
      return { key: key, what: what ? what(key) : key, before: text(before.get(key)), after: text(after.get(key)) };
    }).filter(function (row) { return row.before !== row.after; });
  }

  function sorted(rows) {
    return rows.sort(function (one, other) { return one.key < other.key ? -1 : one.key > other.key ? 1 : 0; });
  }

  function statusRows(before, after) {
    function all(version) {
      var found = new Map([["", version.overall]]);
      (version.dimensions || []).forEach(function (dimension) { found.set(dimension.name, dimension); });
      return found;
    }
    var one = all(before), other = all(after);
    function colour(item) { return item ? word(item.status) : words.nothing; }
    return differences(one, other, colour, function (name) { return name ? label(name) : words.overall; })
      .map(function (row) {
        row.colours = [one.get(row.key), other.get(row.key)].map(function (item) { return item && item.status; });
        return row;
      });
  }

  function decisionRows(before, after) {
    function record(item) { return item.record; }
    function title(item) { return item ? item.title || item.record : words.nothing; }
    return sorted(differences(byKey(before.decisions_needed, record), byKey(after.decisions_needed, record), title));
  }

  function dueRows(before, after) {
    function key(item) { return item.record + " " + item.kind; }
    function due(item) { return item ? item.date + " (" + word(item.state) + ") " + item.title : words.nothing; }
    return sorted(differences(byKey(before.due, key), byKey(after.due, key), due));
  }

  // The status of a dimension is a figure too, and stands above with the others.
  function figuresOf(version, other) {
    var told = new Set(["status.overall"]);
    [version, other].forEach(function (one) {
      (one.dimensions || []).forEach(function (dimension) { told.add("status." + dimension.name); });
    });
    return new Map(Object.entries(version.figures || {}).filter(function (entry) { return !told.has(entry[0]); }));
  }

  function figureText(figure) {
    if (!figure) return words.nothing;
    if (figure.unknown !== undefined) return words.unknown + ": " + figure.unknown;
    return figure.text;
  }

  // Gives the rows of each area of the page of figures: what comes before the first dot of a name.
  function areas(before, after, isThere, page) {
    var found = new Map();
    sorted(differences(figuresOf(before, after), figuresOf(after, before), figureText)).forEach(function (row) {
      var area = row.key.split(".")[0];
      if (isThere(row.key)) row.link = new URL("#" + row.key.replace(/\./g, "-"), page);
      row.isName = true;
      found.set(area, (found.get(area) || []).concat([row]));
    });
    return Array.from(found, function (entry) { return { title: label(entry[0]), rows: entry[1] }; });
  }

  function compared(both, names) {
    var newer = selects[0].selectedIndex < selects[1].selectedIndex ? 0 : 1;
    var page = new URL("../" + encodeURIComponent(names[newer]) + "/figures/", location.href);
    function isThere(figure) {
      return Object.prototype.hasOwnProperty.call(both[newer].figures || {}, figure);
    }
    return [
      { title: words.status, rows: statusRows(both[0], both[1]), isOpen: true },
      { title: words.decisions, rows: decisionRows(both[0], both[1]) },
      { title: words.due, rows: dueRows(both[0], both[1]) }
    ].concat(areas(both[0], both[1], isThere, page)).filter(function (group) { return group.rows.length; });
  }

  function put(parent, tag, text, name) {
    var element = parent.appendChild(document.createElement(tag));
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  }

  function printHead(cell, name, version) {
    cell.textContent = name;
    if (version.as_of !== name) put(cell, "span", words.asOf + " " + version.as_of, "compared__as-of");
  }

  function printRow(body, row) {
    var line = body.insertRow();
    var head = put(line, "th");
    head.scope = "row";
    var place = row.link ? put(head, "a") : head;
    if (row.link) place.href = row.link;
    put(place, row.isName ? "code" : "span", row.what);
    [row.before, row.after].forEach(function (text, column) {
      var colour = row.colours && row.colours[column];
      put(line.insertCell(), "span", text, colour ? "status status--" + colour : "");
    });
    var change = (row.colours || []).map(function (colour) { return colours.indexOf(colour); });
    if (change.length && change[0] >= 0 && change[1] >= 0) {
      line.cells[2].append(" ");
      put(line.cells[2], "span", change[1] > change[0] ? words.worse : words.better, "compared__change");
    }
  }

  function print(found, both, names) {
    groups.textContent = "";
    found.forEach(function (group) {
      var made = part("group").content.cloneNode(true);
      made.querySelector("details").open = Boolean(group.isOpen);
      made.querySelector("[data-aipm=title]").textContent = group.title;
      made.querySelector("[data-aipm=count]").textContent = group.rows.length;
      printHead(made.querySelector("[data-aipm=before]"), names[0], both[0]);
      printHead(made.querySelector("[data-aipm=after]"), names[1], both[1]);
      group.rows.forEach(function (row) { printRow(made.querySelector("tbody"), row); });
      groups.append(made);
    });
    say(!found.length ? words.same : found[0].isOpen ? "" : words.sameStatus);
  }

  function say(text) {
    part("message").textContent = text;
    part("message").hidden = !text;
  }

  function compare() {
    var request = ++latestRequest;
    var missing = selects.filter(function (select) { return select.selectedIndex < 0; });
    groups.textContent = "";
    if (missing.length) {
      say(missing.map(function (select) { return words.missing.replace("{name}", function () { return asked.get(select.name); }); }).join(" "));
      return;
    }
    var names = selects.map(function (select) { return select.value; });
    Promise.all(names.map(status)).then(function (both) {
      if (request === latestRequest) print(compared(both, names), both, names);
    }).catch(function () {
      if (request === latestRequest) say(words.failed);
    });
  }

  // A name in the address is one of the list, or an alias of one; none is chosen in place of another.
  function choose(select, otherwise) {
    var name = asked.get(select.name), options = Array.from(select.options);
    select.selectedIndex = !name ? otherwise : options.findIndex(function (option) {
      return option.value === name || option.dataset.aliases.split(" ").indexOf(name) >= 0;
    });
  }

  choose(selects[0], 1);
  choose(selects[1], 0);
  form.addEventListener("change", function () {
    compare();
    if (selects.every(function (select) { return select.selectedIndex >= 0; })) {
      var names = selects.map(function (select) { return select.name + "=" + encodeURIComponent(select.value); });
      history.replaceState(null, "", "?" + names.join("&") + location.hash);
    }
  });
  part("without").hidden = true;
  form.hidden = false;
  part("result").hidden = false;
  compare();
})();
