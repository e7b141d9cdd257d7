// Looks where an address that is not there may lead: to the latest version, or to the version that has a removed page.
(function () {
  "use strict";

  var site = document.querySelector("[data-aipm=site]");
  var latest = site.dataset.latest;

  function ask(url) {
    return fetch(url, { cache: "no-cache" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).catch(function () { return null; });
  }

  function exists(url) {
    return fetch(url, { method: "HEAD" }).then(function (answer) { return answer.ok; }).catch(function () { return false; });
  }

  // Where the build did not know its own address, the root is the nearest folder above that has a list of versions:
  // another site may lie above that one.
  function roots() {
    if (site.dataset.root) return [new URL(site.dataset.root, location.origin)];
    var parts = location.pathname.split("/").slice(1, -1).slice(0, 8);
    return parts.map(function (_, n) { return parts.slice(0, n + 1); }).reverse().concat([[]]).map(function (above) {
      return new URL("/" + above.map(function (part) { return part + "/"; }).join(""), location.origin);
    });
  }

  function offer(url) {
    var link = document.querySelector("[data-aipm=link]");
    link.href = url;
    link.textContent = decodeURIComponent(url.pathname);
    document.querySelector("[data-aipm=found]").hidden = false;
  }

  function look(root, versions) {
    document.querySelector("[data-aipm=latest]").href = new URL(latest + "/", root);
    document.querySelector("[data-aipm=versions]").href = new URL("versions/", root);
    document.querySelector("[data-aipm=ways]").hidden = false;
    var said = document.querySelector("[data-aipm=words]");
    if (said) said.hidden = true;
    var rest = location.pathname.slice(root.pathname.length);
    var folder = decodeURIComponent(rest.split("/")[0]);
    var path = rest.slice(rest.indexOf("/") + 1);
    var isVersion = versions.some(function (version) {
      return version.version === folder || version.aliases.indexOf(folder) >= 0;
    });
    if (!isVersion) {
      // A link without a version, such as one from before there were versions.
      var moved = new URL(latest + "/" + rest, root);
      return exists(moved).then(function (there) {
        if (there) location.replace(moved + location.search + location.hash);
        else offerIfThere(new URL(latest + "/" + path, root));
      });
    }
    return ask(new URL("removed.json", root)).then(function (removed) {
      var address = decodeURIComponent(path);
      var found = removed && (removed[address] || removed[address + "/"]);
      if (found) offer(new URL(encodeURIComponent(found) + "/" + path, root));
      else offerIfThere(new URL(latest + "/" + path, root));
    });
  }

  function offerIfThere(url) {
    return exists(url).then(function (there) { if (there) offer(url); });
  }

  roots().reduce(function (before, root) {
    return before.then(function (isDone) {
      if (isDone) return true;
      return ask(new URL("versions.json", root)).then(function (versions) {
        if (!Array.isArray(versions)) return false;
        look(root, versions);
        return true;
      });
    });
  }, Promise.resolve(false));
})();
