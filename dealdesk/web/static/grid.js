// The order form's grid: arrows move, a paste from a spreadsheet fills cells, faults are marked.
"use strict";
(() => {
  const form = document.querySelector("#p-grid");
  const body = form && form.querySelector("[data-grid] tbody");
  if (!body) return;
  const rows = () => [...body.querySelectorAll("tr")];
  const fields = (row) => [...row.querySelectorAll("input:not([type=hidden])")];
  const changed = () => form.dispatchEvent(new Event("grid:changed"));
  const addRow = () => {
    const last = rows().at(-1);
    const number = Number(last.dataset.gridrow);
    const row = last.cloneNode(true);
    row.dataset.gridrow = number + 1;
    for (const node of row.querySelectorAll("[name], [for]")) {
      for (const key of ["name", "id", "for"]) {
        const old = node.getAttribute(key);
        if (old) node.setAttribute(key, old.replace(`row-${number}-`, `row-${number + 1}-`));
      }
      if (node.matches("input")) {
        node.value = "";
        node.removeAttribute("aria-invalid");
        node.removeAttribute("aria-describedby");
      }
      if (node.matches("label")) node.textContent = node.textContent.replace(`row ${number + 1}`, `row ${number + 2}`);
      if (node.matches("button")) node.remove();
    }
    body.append(row);
    return row;
  };
  const place = (field) => {
    const row = field.closest("tr");
    return [rows().indexOf(row), fields(row).indexOf(field)];
  };
  const fieldAt = (down, across) => {
    while (rows().length <= down && rows().length < 200) addRow();
    const row = rows()[down];
    return row && fields(row)[across];
  };
  body.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] || (event.key === "Enter" ? 1 : 0);
    if (!step || !event.target.matches("input") || event.target.list && event.key !== "Enter") return;
    event.preventDefault();
    const [down, across] = place(event.target);
    const next = down + step >= 0 && fieldAt(down + step, across);
    if (next) { next.focus(); next.select(); }
  });
  body.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text) || !event.target.matches("input")) return;
    event.preventDefault();
    const [down, across] = place(event.target);
    text.split(/\r?\n/).forEach((line, i) => line.split("\t").forEach((value, j) => {
      const field = fieldAt(down + i, across + j);
      if (field) field.value = value.trim();
    }));
    changed();
  });
  form.querySelector("[data-addrow]").addEventListener("click", (event) => {
    event.preventDefault();
    fields(addRow())[0].focus();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const preview = document.querySelector("#p-preview");
    const wrong = new Set((preview.dataset.faults || "").split(" "));
    for (const field of form.querySelectorAll("input, select")) {
      if (wrong.has(field.name)) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", `${field.name}-why`);
      } else {
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-describedby");
      }
    }
  });
})();
