// Tables of records: sort by a column, filter by words. Without this script the tables are complete and in order.
(function () {
  "use strict";

  function valueOf(row, index) {
    var cell = row.cells[index];
    if (!cell) return "";
    var time = cell.querySelector("time");
    return cell.dataset.sort || (time && time.dateTime) || cell.textContent.trim();
  }

  function compare(a, b) {
    // What is not given comes last in both directions, so it is sorted out before.
    var x = Number(a), y = Number(b);
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    return a.localeCompare(b, undefined, { numeric: true, sensitivity: "base" });
  }

  function sortBy(table, index, descending) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row, place) {
      return { row: row, value: valueOf(row, index), place: place };
    });
    rows.sort(function (a, b) {
      if (!a.value || !b.value) return (a.value ? 0 : 1) - (b.value ? 0 : 1) || a.place - b.place;
      return (descending ? -1 : 1) * compare(a.value, b.value) || a.place - b.place;
    });
    var sorted = document.createDocumentFragment();
    rows.forEach(function (item) { sorted.appendChild(item.row); });
    body.appendChild(sorted);
  }

  function addSorting(table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "aipm-table__sort";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var descending = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortBy(table, index, descending);
      });
    });
  }

  function addFilter(register, table) {
    var box = register.querySelector(".aipm-register__filter");
    if (!box) return;
    var input = box.querySelector("input");
    var count = box.querySelector("[role=status]");
    var rows = Array.from(table.tBodies[0].rows);
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

    function filter() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row, index) {
        var fits = words.every(function (word) { return texts[index].includes(word); });
        if (row.hidden === fits) row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      var noun = rows.length === 1 ? register.dataset.one : register.dataset.many;
      count.textContent = words.length ? shown + " of " + rows.length + " " + noun : "";
    }

    var wait;
    input.addEventListener("input", function () {
      clearTimeout(wait);
      wait = setTimeout(filter, 120);
    });
    box.hidden = false;
    if (input.value) filter();
  }

  function prepare() {
    document.querySelectorAll("[data-aipm-table]").forEach(function (register) {
      if (register.dataset.aipmTable === "ready") return;
      register.dataset.aipmTable = "ready";
      var table = register.querySelector("table");
      addSorting(table);
      addFilter(register, table);
    });
  }

  // Material replaces the content of a page without loading it anew, and says so by this observable.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(prepare);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
  else prepare();
})();
