"use strict";
// Cells that open their answer, search, and one environment at a time. Everything else on the page works without this.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);

byId("scriptless").hidden = true;

// One environment at a time; on paper all of them.
const environments = byId("switch");
if (environments) {
  environments.hidden = false;
  const show = (name) => {
    for (const part of all("[data-environment]")) part.hidden = part.dataset.environment !== name;
  };
  environments.addEventListener("change", (event) => show(event.target.value));
  show(environments.querySelector(":checked").value);
}

// The grid: one stop for the tab key, arrow keys within.
for (const grid of all("table.grid")) {
  const rows = all("tbody tr", grid).map((row) => all("td", row).map((cell) => cell.querySelector("button")));
  const buttons = rows.flat().filter(Boolean);
  const focus = (button) => {
    for (const each of buttons) each.tabIndex = -1;
    button.tabIndex = 0;
  };
  if (buttons.length) focus(buttons[0]);
  grid.addEventListener("focusin", (event) => focus(event.target));
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    let row = rows.findIndex((cells) => cells.includes(event.target));
    let column = rows[row].indexOf(event.target);
    do {
      row += step[0];
      column += step[1];
    } while (rows[row] && column in rows[row] && !rows[row][column]);
    if (rows[row] && rows[row][column]) rows[row][column].focus();
  });
}

// The answer of a cell.
const answers = JSON.parse(byId("answers").textContent);
const dialog = byId("answer");
document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (cell) {
    byId("answer-title").textContent = cell.getAttribute("aria-label");
    byId("answer-lines").replaceChildren(
      ...answers.cells[cell.dataset.cell].map((number) => {
        const line = answers.lines[number];
        const item = document.createElement("li");
        item.style.setProperty("--depth", (line.length - line.trimStart().length) / 2);
        item.textContent = line.trim();
        return item;
      }),
    );
    byId("answer-ask").textContent = cell.dataset.ask;
    dialog.showModal();
  } else if (event.target === dialog) {
    dialog.close();
  }
});

// Search: a row stays where it has every word. A part opens where it has a row, what is folded within a row where it has
// a word, and both close when nothing is searched.
for (const field of all("input[data-search]")) {
  const place = byId(field.dataset.search);
  const rows = all("tbody tr", place);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const status = field.closest(".search").querySelector("output");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, number) => {
      row.hidden = !words.every((word) => texts[number].includes(word));
      shown += !row.hidden;
    });
    for (const part of all("details.part", place)) {
      const matches = all("tbody tr:not([hidden])", part).length;
      part.hidden = !matches;
      part.open = words.length > 0 && matches > 0;
    }
    for (const fold of all("tr details", place)) {
      fold.open = words.some((word) => fold.textContent.toLowerCase().includes(word));
    }
    status.textContent = words.length ? `${shown} of ${rows.length}` : "";
  });
}

// On paper everything is there and open, whatever is searched.
let closed = [];
let searched = [];
const search = (field, words) => {
  field.value = words;
  field.dispatchEvent(new Event("input"));
};
addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  searched = all("input[data-search]").map((field) => [field, field.value]).filter(([, words]) => words);
  for (const [field] of searched) search(field, "");
  for (const part of all("details")) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of closed) part.open = false;
  for (const [field, words] of searched) search(field, words);
});
