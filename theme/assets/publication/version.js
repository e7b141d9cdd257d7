// Pages of an earlier version say so and lead to the same page in the latest. Without this script the page names its
// own date and revision. The site is asked each time, as a published version itself never changes.
(function () {
  "use strict";

  var script = document.currentScript;
  var note = document.querySelector("[data-aipm-note]");
  if (!script || !note || !window.fetch) return;
  var root = new URL(script.dataset.root, document.baseURI);

  function ask(name) {
    return fetch(new URL(name, root), { cache: "no-cache" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).catch(function () { return null; });
  }

  function slot(name) { return note.querySelector("[data-aipm=" + name + "]"); }

  // A page has the same bytes under each name of its version, so its address says which version this is.
  function here() {
    var rest = location.pathname.slice(root.pathname.length);
    var end = rest.indexOf("/");
    return { folder: decodeURIComponent(rest.slice(0, end)), path: rest.slice(end + 1) };
  }

  function versionOf(versions, folder) {
    return versions.filter(function (version) {
      return version.version === folder || version.aliases.indexOf(folder) >= 0;
    })[0];
  }

  // A state may have two names, as where a board's version is named besides the one of its day.
  function isSameState(one, other) {
    return one.revision === other.revision && one.as_of === other.as_of;
  }

  function show(versions, removed) {
    var place = here();
    var current = versionOf(versions, place.folder);
    var latest = versionOf(versions, "latest");
    note.hidden = !current || !latest || isSameState(current, latest);
    if (note.hidden) return;
    var address = decodeURIComponent(place.path).replace(/(^|\/)index\.html$/, "$1");
    var isGone = Object.prototype.hasOwnProperty.call(removed || {}, address);
    slot("name").textContent = current.version;
    slot("latest").textContent = latest.version;
    slot("same").href = new URL("latest/" + place.path, root) + location.hash;
    slot("home").href = new URL("latest/", root);
    slot("there").hidden = isGone;
    slot("gone").hidden = !isGone;
    slot("compare").href = new URL(
      "versions/?from=" + encodeURIComponent(current.version) + "&to=" + encodeURIComponent(latest.version) + "#compare",
      root
    );
  }

  ask("versions.json").then(function (versions) {
    if (!Array.isArray(versions)) return;
    return ask("removed.json").then(function (removed) {
      document.body.insertBefore(note, document.body.firstChild);
      function update() { show(versions, removed); }
      update();
      // Material replaces the content of a page without loading it anew, and says so by this observable.
      if (window.document$ && window.document$.subscribe) window.document$.subscribe(update);
    });
  });
})();
