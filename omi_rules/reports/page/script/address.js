// The address of a view: everything that makes it up, so that a link to it shows the same.

const FILTERS = ["rule", "rec", "criterion", "severity", "outcome", "q"];

function readAddress(records) {
  const [path, query = ""] = splitOnce(location.hash.slice(1), "?");
  if (path.startsWith("/case/")) return { view: "case", reference: decode(path.slice(6)) };
  if (path !== "/cases") return { view: "overview", part: path };
  const given = new URLSearchParams(query);
  const state = { view: "cases", within: {}, filters: {}, show: given.get("show"), sort: given.get("sort") || "", page: Math.max(1, Number.parseInt(given.get("page"), 10) || 1) };
  for (const level of records.levels) {
    if (level !== "case" && given.has(level)) state.within[level] = given.get(level) || null;
  }
  for (const name of FILTERS) {
    if (given.get(name)) state.filters[name] = given.get(name);
  }
  if (!showsOf(records, state).includes(state.show)) state.show = showsOf(records, state)[0];
  return state;
}

function writeAddress(state) {
  const query = new URLSearchParams();
  for (const [level, name] of Object.entries(state.within)) query.set(level, name ?? "");
  for (const name of FILTERS) {
    if (state.filters[name]) query.set(name, state.filters[name]);
  }
  if (state.show) query.set("show", state.show);
  if (state.sort) query.set("sort", state.sort);
  if (state.page > 1) query.set("page", state.page);
  const text = query.toString();
  return text ? `#/cases?${text}` : "#/cases";
}

function caseAddress(name) {
  return `#/case/${encodeURIComponent(name)}`;
}

// The level whose groups a view lists: the first that it does not lie within.
function nextLevel(records, within) {
  return records.levels.find((level) => level !== "case" && !(level in within)) || null;
}

// What a view can list, what comes first being what it lists unless asked.
function showsOf(records, state) {
  const groups = nextLevel(records, state.within) ? ["groups"] : [];
  return [...groups, ...(records.hasCases ? ["cases", "findings"] : []), "rules"];
}

function splitOnce(text, mark) {
  const place = text.indexOf(mark);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
