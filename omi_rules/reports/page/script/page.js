// Puts the views together, and follows the address.

let records = null;
let shown = null;

function start(unpacked) {
  records = unpacked;
  fillFilters();
  document.getElementById("filters").addEventListener("input", readFilters);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    turn({ filters: {}, page: 1 });
  });
  document.getElementById("earlier").addEventListener("click", () => turnPage(-1));
  document.getElementById("later").addEventListener("click", () => turnPage(1));
  document.getElementById("save").addEventListener("click", () => saveView(shown.view, `${shown.state.show}-${records.asAt}`));
  unfoldForPaper();
  window.addEventListener("hashchange", () => follow(true));
  follow(Boolean(location.hash));
}

function follow(isMoved) {
  const state = readAddress(records);
  document.getElementById("overview").hidden = state.view !== "overview";
  document.getElementById("explorer").hidden = state.view !== "cases";
  document.getElementById("case").hidden = state.view !== "case";
  if (state.view === "cases") showView(state);
  if (state.view === "case") showCase(records, state.reference);
  markPart(state);
  if (isMoved) focusOn(state);
}

function focusOn(state) {
  if (state.view === "overview") {
    const part = state.part && document.getElementById(state.part);
    if (part) part.scrollIntoView();
    return;
  }
  window.scrollTo({ top: 0, behavior: "instant" });
  document.getElementById(state.view === "case" ? "case-heading" : "explorer-heading").focus({ preventScroll: true });
}

function markPart(state) {
  const part = state.view === "overview" ? state.part || "summary" : "cases";
  for (const link of document.querySelectorAll("nav.sections a")) {
    if (link.dataset.view === part) link.setAttribute("aria-current", state.view === "overview" ? "true" : "page");
    else link.removeAttribute("aria-current");
  }
}

function showView(state) {
  const view = makeView(records, state);
  shown = { state, view };
  showCrumbs(state);
  showChoices(state);
  showTable(view, state, turn);
  const { cases, withFindings, findings } = view.summary;
  const inCases = withFindings === null ? "" : ` in ${counted(withFindings, "case")}`;
  replaceWith("found", `${counted(findings, "finding")}${inCases}, of ${counted(cases, "case")}.`);
  replaceWith("asked", askedWords(state));
  for (const field of document.getElementById("filters").elements) {
    if (field.name && field.value !== (state.filters[field.name] || "")) field.value = state.filters[field.name] || "";
  }
  records.lastAddress = writeAddress(state);
}

// Another sort, page or filter of the same view: the address follows, and the focus stays where it is.
function turn(change) {
  const state = { ...shown.state, ...change };
  history.replaceState(null, "", writeAddress(state));
  showView(state);
}

function turnPage(by) {
  turn({ page: Math.max(1, shown.state.page + by) });
  document.getElementById("view").scrollIntoView({ block: "nearest" });
}

function readFilters() {
  const filters = {};
  for (const field of document.getElementById("filters").elements) {
    if (field.name && field.value) filters[field.name] = field.value;
  }
  turn({ filters, page: 1 });
}

// On paper there is no filter to see: what was chosen is said.
function askedWords(state) {
  const chosen = Object.entries(state.filters).map(([name, value]) => {
    const field = document.getElementById(`filter-${name}`);
    const option = [...(field.options || [])].find((each) => each.value === value);
    return `${field.labels[0].textContent}: ${option ? option.textContent : value}`;
  });
  return chosen.length ? `Only ${chosen.join("; ")}` : "";
}

// Paper cannot be opened: what is folded in is unfolded for it, and folded again.
function unfoldForPaper() {
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const details of unfolded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
  });
}

function showCrumbs(state) {
  const within = Object.entries(state.within);
  const steps = [[records.area || "Area", {}], ...within.map(([, name], place) => [name, Object.fromEntries(within.slice(0, place + 1))])];
  replaceWith("crumbs", ...steps.map(([name, held], place) => make("li", {},
    place === steps.length - 1
      ? make("span", { "aria-current": "true" }, nameOf(name))
      : make("a", { href: writeAddress({ ...state, within: held, show: "", sort: "", page: 1 }) }, nameOf(name)))));
}

function showChoices(state) {
  const level = nextLevel(records, state.within);
  const titles = { groups: level ? `By ${level}` : "", rules: "By rule", cases: "Cases", findings: "Findings" };
  const choices = showsOf(records, state);
  const place = document.getElementById("views");
  if (place.dataset.choices !== choices.join(" ") + level) {
    place.dataset.choices = choices.join(" ") + level;
    place.replaceChildren(...choices.map((show) => {
      const button = make("button", { type: "button", "data-show": show }, titles[show]);
      button.addEventListener("click", () => turn({ show, sort: "", page: 1 }));
      return button;
    }));
  }
  for (const button of place.children) button.setAttribute("aria-pressed", String(button.dataset.show === state.show));
}

function fillFilters() {
  const rules = records.rules.filter((rule) => !rule.flag);
  const conclusions = records.rules.filter((rule) => rule.flag);
  const byTitle = (one, other) => (one.title < other.title ? -1 : 1);
  const options = (list) => list.sort(byTitle).map((rule) => make("option", { value: rule.id }, rule.title));
  fillSelect("rule", [make("optgroup", { label: "Conclusions" }, options(conclusions)), make("optgroup", { label: "Rules" }, options(rules))]);
  fillSelect("rec", records.recommendations.map((words, place) => make("option", { value: place + 1 }, `${place + 1}: ${shortened(words)}`)));
  const criteria = [...new Set(rules.map((rule) => rule.criterion))].sort();
  fillSelect("criterion", criteria.map((id) => make("option", { value: id }, records.criteria[id] ? `${id} ${records.criteria[id]}` : capitalised(id))));
  fillSelect("severity", records.severities.filter((word) => word !== "informational").map((word) => make("option", { value: word }, capitalised(word))));
  fillSelect("outcome", ["missing", "late", "not_met", "conclusion"].map((word) => make("option", { value: word }, OUTCOME_WORDS[word])));
}

function fillSelect(name, options) {
  document.getElementById(`filter-${name}`).replaceChildren(make("option", { value: "" }, "All"), ...options);
}

function tellFault() {
  document.getElementById("fault").hidden = false;
}

unpackRecords().then(start, tellFault);
