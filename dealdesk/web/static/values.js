// A click on a number of the paper says which value it is and leads to where it was chosen.
"use strict";
(() => {
  const paper = document.querySelector(".paper");
  const tip = document.querySelector("#p-value");
  if (!paper || !tip) return;
  const link = tip.querySelector("a");
  const places = { order: "order-form", parties: "order-form", cover: "order-form" };
  const hide = () => { tip.hidden = true; };
  paper.addEventListener("click", (event) => {
    const value = event.target.closest(".value");
    if (!value) return hide();
    const [instance] = value.dataset.value.split("/");
    const page = places[instance];
    tip.querySelector("[data-words]").textContent = value.textContent;
    tip.querySelector("[data-address]").textContent = value.dataset.value;
    const writes = tip.dataset.writes === "yes";
    const variable = value.dataset.value.split("/")[1];
    const clause = writes ? `clauses/${instance}#value.${variable}` : `clauses#p-${instance}`;
    const order = writes && page ? `${page}/edit` : page;
    link.href = `${tip.dataset.base}/${page ? order : clause}`;
    link.textContent = page ? tip.dataset.order : writes ? tip.dataset.change : tip.dataset.clause;
    const decided = JSON.parse(tip.dataset.decided || "{}");
    tip.querySelector("[data-approval]").textContent =
      decided[value.dataset.value] || decided[instance] || "";
    tip.hidden = false;
    const box = value.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 16);
    tip.style.left = `${Math.max(left, 8) + window.scrollX}px`;
    tip.style.top = `${box.bottom + window.scrollY + 6}px`;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
