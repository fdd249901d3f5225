// A view as a table, a page of rows at a time.

const ROWS_A_PAGE = 50;

function showTable(view, state, turn) {
  const pages = Math.max(1, Math.ceil(view.rows.length / ROWS_A_PAGE));
  const page = Math.min(state.page, pages);
  const rows = view.rows.slice((page - 1) * ROWS_A_PAGE, page * ROWS_A_PAGE);
  const body = make("tbody", {}, rows.map((row) => make("tr", {}, view.columns.map((column, place) => cellOf(column, row, place)))));
  const place = document.getElementById("view");
  const table = place.querySelector("table");
  const names = view.columns.map((column) => column.name).join(" ");
  if (table?.dataset.columns === names) {
    // the head stays, and with it the focus of whoever has just sorted
    table.tBodies[0].replaceWith(body);
  } else {
    place.replaceChildren(make("table", { "data-columns": names }, make("caption"), makeHead(view, turn), body));
  }
  for (const cell of place.querySelectorAll("thead th")) {
    const sorted = cell.dataset.name === view.sorted.name;
    if (sorted) cell.setAttribute("aria-sort", view.sorted.descending ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  }
  place.querySelector("caption").textContent = showPlace(view.caption, page, pages, rows.length, view.rows.length);
}

function makeHead(view, turn) {
  const cells = view.columns.map((column) => {
    const button = make("button", { type: "button" }, column.title);
    button.addEventListener("click", () => turn({ sort: nextSort(column, button.parentElement.getAttribute("aria-sort")), page: 1 }));
    return make("th", { scope: "col", "data-name": column.name, class: column.number ? "number" : column.wide ? "wide-text" : null }, button);
  });
  return make("thead", {}, make("tr", {}, cells));
}

// Numbers are wanted from the largest down first, words from A.
function nextSort(column, sorted) {
  const descending = sorted ? sorted === "ascending" : column.number;
  return `${descending ? "-" : ""}${column.name}`;
}

function cellOf(column, row, place) {
  const content = column.cell(row);
  if (place === 0) return make("th", { scope: "row" }, content);
  return make("td", { class: column.number ? "number" : null }, content);
}

// Sets the buttons of the pages, and gives the words that say which rows are shown.
function showPlace(caption, page, pages, shown, all) {
  document.getElementById("pages").hidden = pages === 1;
  const first = (page - 1) * ROWS_A_PAGE + 1;
  const words = `rows ${amount(first)} to ${amount(first + shown - 1)} of ${amount(all)}`;
  replaceWith("place", capitalised(words));
  document.getElementById("earlier").disabled = page === 1;
  document.getElementById("later").disabled = page === pages;
  if (!all) return `${caption}: none`;
  return pages === 1 ? caption : `${caption}, ${words}`;
}
