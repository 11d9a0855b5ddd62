// What is typed is kept on the server as one types, apart from the deal, until it is saved.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const says = form.querySelector("[data-kept]");
    let timer = 0, isBehind = false, isRefused = false, going = null;
    const body = () => {
      const typed = new URLSearchParams(new FormData(form));
      typed.set("kept_form", form.dataset.keptForm);
      return typed;
    };
    const refused = (words) => { isRefused = true; says.textContent = words; };
    const keep = async () => {
      clearTimeout(timer);
      isBehind = false;
      if (going) going.abort();
      const mine = going = new AbortController();
      try {
        const answer = await fetch(form.dataset.keep, { method: "POST", body: body(), signal: mine.signal });
        if (answer.ok) {
          isRefused = false;
          says.textContent = await answer.text();
        } else refused(answer.status === 401
          ? says.dataset.signedOut
          : says.dataset.refused);
      } catch {
        if (mine.signal.aborted) return;
        refused(says.dataset.away);
        timer = setTimeout(keep, 5000);
      }
    };
    const typed = () => { isBehind = true; clearTimeout(timer); timer = setTimeout(keep, 700); };
    form.addEventListener("input", typed);
    form.addEventListener("grid:changed", typed);
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if (going) going.abort();
      isBehind = isRefused = false;
    });
    const leave = () => {
      if (!isBehind) return;
      clearTimeout(timer);
      isBehind = !navigator.sendBeacon(form.dataset.keep, body());
    };
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
    window.addEventListener("pagehide", leave);
    // Only what could not be kept is held on to by asking.
    window.addEventListener("beforeunload", (event) => { if (isRefused) event.preventDefault(); });
  }
})();
