// What is folded opens where a link leads to it, and on paper. Browsers of late do so themselves, also without this script.
(function () {
  "use strict";

  function openTarget() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  }

  var opened = [];

  function openAll() {
    opened = Array.from(document.querySelectorAll(".aipm-figure-entry:not([open])"));
    opened.forEach(function (entry) { entry.open = true; });
  }

  function foldAgain() {
    opened.forEach(function (entry) { entry.open = false; });
  }

  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", openAll);
  window.addEventListener("afterprint", foldAgain);
  // Material replaces the content of a page without loading it anew, and says so by this observable.
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(openTarget);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", openTarget);
  else openTarget();
})();
