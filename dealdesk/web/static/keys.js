// Keys for those who live here: "/" searches, j and k move through rows, Enter opens.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const target = (row) => row.querySelector("a, summary");
  const isTyping = (node) => node.closest("input, textarea, select") !== null;
  const move = (step) => {
    const all = rows();
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
    if (next) {
      target(next).focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "/") {
      const field = document.querySelector("[data-key='/']");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    } else if (/^[a-z]$/.test(event.key)) {
      const own = document.querySelector(`[data-key='${event.key}']`);
      if (own && isTyping(own)) {
        event.preventDefault();
        own.focus();
      } else if (own) own.click();
      else if (event.key === "j") move(1);
      else if (event.key === "k") move(-1);
    }
  });
  // A link to a clause opens it.
  const openTarget = () => {
    const found = location.hash && document.getElementById(location.hash.slice(1));
    if (found && found.tagName === "DETAILS") found.open = true;
  };
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
