// What a view lists: its rows, its columns, and what stands in each cell, for the screen and for a file.

// Columns are {name, title, number, key(row), cell(row), text(row)}; a key is a number to sort by.
function makeView(records, state) {
  const choice = choose(records, state);
  const counts = records.hasCases ? countByCase(records, choice) : null;
  const places = countByPlace(records, choice, counts);
  const make = { groups: viewGroups, rules: viewRules, cases: viewCases, findings: viewFindings }[state.show];
  const view = make(records, state, choice, state.show === "groups" ? places : counts);
  const summary = sumUp(choice, places);
  const sort = state.sort;
  const column = view.columns.find((each) => each.name === sort.replace("-", ""));
  view.sorted = { name: column?.name, descending: sort.startsWith("-") };
  view.rows = column ? ordered(view.rows, column.key, view.sorted.descending) : ordered(view.rows, view.worst, true);
  return { ...view, summary };
}

function sumUp(choice, places) {
  const sum = (name) => places.reduce((total, place) => total + place[name], 0);
  return { cases: sum("cases"), withFindings: choice.tellsCases ? sum("withFindings") : null, findings: sum("findings") };
}

// A key by which a critical finding outweighs any number of high ones, and so on.
function byWorst([critical, high, medium]) {
  const most = 65535;
  return (Math.min(critical, most) * 256 + Math.min(high, 255)) * 256 + Math.min(medium, 255);
}

function numberColumn(name, title, value, cell = null) {
  return { name, title, number: true, key: value, cell: cell || ((row) => (value(row) ? amount(value(row)) : "0")), text: (row) => String(value(row)) };
}

// A column of names: `list` has one for each row's place.
function textColumn(name, title, list, nameOfEach, cell) {
  const rank = ranks(list, nameOfEach);
  return { name, title, number: false, key: (row) => rank[row.place], cell, text: (row) => nameOfEach(list[row.place]) ?? "" };
}

function severityColumns(records, count) {
  return ["critical", "high", "medium"].map((word) => {
    const place = records.severities.indexOf(word);
    return numberColumn(word, capitalised(word), (row) => count(row, place));
  });
}

function shareCell(part, whole) {
  const percent = whole ? (100 * part) / whole : 0;
  return [amount(part), " ", make("span", { class: "quiet" }, share(part, whole)), strip(percent)];
}

function strip(percent) {
  return draw("svg", { class: "strip", "aria-hidden": "true", focusable: "false" },
    draw("rect", { class: "track", width: "100%", height: 5, y: 5, rx: 2.5 }),
    draw("rect", { class: "part", width: `${percent.toFixed(2)}%`, height: 5, y: 5, rx: 2.5 }));
}

function viewGroups(records, state, choice, counted) {
  const level = nextLevel(records, state.within);
  const places = records[`${level}s`];
  const groups = places.map(([name], place) => ({ place, name, ...noFindings(records) }));
  counted.forEach((inner, number) => {
    const group = groups[records.placesOf[level][number]];
    for (const part of ["cases", "withFindings", "findings", "missing"]) group[part] += inner[part];
    inner.severities.forEach((each, severity) => { group.severities[severity] += each; });
  });
  const link = (row) => make("a", { href: writeAddress({ ...state, within: { ...state.within, [level]: row.name }, show: "", sort: "", page: 1 }) }, nameOf(row.name));
  return {
    caption: `Findings by ${level}`,
    worst: (row) => byWorst(row.severities),
    rows: groups.filter((group) => group.cases),
    columns: [
      textColumn("name", LEVEL_NAMES[level], places, ([name]) => name, link),
      numberColumn("cases", "Cases", (row) => row.cases),
      ...(choice.tellsCases ? [numberColumn("with", "With a finding", (row) => row.withFindings, (row) => shareCell(row.withFindings, row.cases))] : []),
      numberColumn("findings", "Findings", (row) => row.findings),
      ...severityColumns(records, (row, severity) => row.severities[severity]),
      numberColumn("missing", "Missing duties", (row) => row.missing),
    ],
  };
}

function viewRules(records, state, choice) {
  const rows = countByRule(records, choice).map((counts, place) => ({ place, rule: records.rules[place], ...counts }));
  const link = (row) => make("a", { href: writeAddress({ ...state, filters: { ...state.filters, rule: row.rule.id }, show: records.hasCases ? "cases" : "groups", sort: "", page: 1 }) }, row.rule.title);
  return {
    caption: "Findings by rule and conclusion",
    worst: (row) => row.findings,
    rows: rows.filter((row) => row.findings),
    columns: [
      textColumn("rule", "Rule or conclusion", records.rules, (rule) => rule.title, link),
      criterionColumn(records),
      { name: "severity", title: "Severity", number: false, key: (row) => row.rule.severity, cell: (row) => severityMark(records.severities[row.rule.severity]), text: (row) => records.severities[row.rule.severity] },
      numberColumn("findings", "Findings", (row) => row.findings),
      numberColumn("cases", "Cases", (row) => row.cases),
      numberColumn("missing", "Missing duties", (row) => row.missing),
    ],
  };
}

function criterionColumn(records) {
  const criteria = Object.keys(records.criteria);
  return {
    name: "criterion", title: "Criterion", number: false,
    key: (row) => criteria.indexOf(row.rule.criterion) + 1,
    cell: (row) => row.rule.criterion || make("span", { class: "quiet" }, "conclusion"),
    text: (row) => row.rule.criterion || "",
  };
}

function viewCases(records, state, choice, counts) {
  const rows = [];
  for (let number = 0; number < records.caseCount; number++) {
    if (choice.caseOk[number] && (counts.findings[number] || !choice.narrowed)) rows.push(number);
  }
  return {
    caption: "Cases",
    worst: (row) => byWorst(counts.severities.map((each) => each[row])),
    rows,
    columns: [
      caseColumn(records, (number) => number),
      ...heldColumns(records, state, (number) => number),
      { name: "start", title: "Start", number: true, key: (row) => records.caseStart[row], cell: (row) => writtenDay(records.caseStart[row], 3), text: (row) => isoDay(records.caseStart[row]) },
      { name: "roh", title: "Risk of Harm", number: false, key: (row) => records.caseRoh[row], cell: (row) => rohWord(records, row), text: (row) => records.rohLevels[records.caseRoh[row] - 1] || "" },
      numberColumn("findings", "Findings", (row) => counts.findings[row]),
      ...severityColumns(records, (row, severity) => counts.severities[severity][row]),
      numberColumn("late", "Longest late, days", (row) => Math.max(counts.late[row] - 1, 0), (row) => (counts.late[row] > 1 ? amount(counts.late[row] - 1) : "")),
    ],
  };
}

function rohWord(records, number) {
  const word = records.rohLevels[records.caseRoh[number] - 1];
  return word ? word.replace("_", " ") : make("span", { class: "quiet" }, NOT_RECORDED);
}

function caseColumn(records, caseOf) {
  return { name: "case", title: "Case", number: false, key: caseOf, cell: (row) => make("a", { href: caseAddress(records.cases[caseOf(row)]) }, nameOf(records.cases[caseOf(row)])), text: (row) => records.cases[caseOf(row)] };
}

// The columns of who holds a case, without those that the view lies within.
function heldColumns(records, state, caseOf) {
  return ["team", "officer"].filter((level) => records.levels.includes(level) && !(level in state.within)).map((level) => {
    const places = records[`${level}s`];
    const rank = ranks(places, ([name]) => name);
    const placeOf = (row) => placeAt(records, caseOf(row), level);
    return { name: level, title: LEVEL_NAMES[level], number: false, key: (row) => rank[placeOf(row)], cell: (row) => nameOf(places[placeOf(row)][0]), text: (row) => places[placeOf(row)][0] ?? "" };
  });
}

function viewFindings(records, state, choice) {
  const caseOf = caseOfFinding(records);
  const ruleOf = (row) => records.rules[records.findingRule[row]];
  const { severities, severityOf, findingRule, findingLate } = records;
  const titleRank = ranks(records.rules, (rule) => rule.title);
  const late = (row) => Math.max(records.findingLate[row] - 1, 0);
  return {
    caption: "Findings",
    worst: (row) => (severities.length - severityOf[findingRule[row]]) * 65536 + findingLate[row],
    rows: chosenFindings(records, choice),
    columns: [
      caseColumn(records, (row) => caseOf[row]),
      { name: "finding", title: "Finding", wide: true, number: false, key: (row) => titleRank[records.findingRule[row]], cell: (row) => [ruleOf(row).title, make("span", { class: "quiet block" }, reasonOf(records, row))], text: (row) => ruleOf(row).title },
      { name: "outcome", title: "Outcome", number: false, key: (row) => records.findingOutcome[row], cell: (row) => outcomeMark(records.outcomes[records.findingOutcome[row]]), text: (row) => records.outcomes[records.findingOutcome[row]] },
      { name: "severity", title: "Severity", number: false, key: (row) => ruleOf(row).severity, cell: (row) => severityMark(records.severities[ruleOf(row).severity]), text: (row) => records.severities[ruleOf(row).severity] },
      { name: "due", title: "Due", number: true, key: (row) => records.findingDue[row], cell: (row) => writtenDay(records.findingDue[row], 3), text: (row) => isoDay(records.findingDue[row]) },
      numberColumn("late", "Days late", late, (row) => (records.findingLate[row] ? amount(late(row)) : "")),
      ...heldColumns(records, state, (row) => caseOf[row]),
    ],
    onlyInFile: [
      ["rule", (row) => ruleOf(row).id],
      ["done_on", (row) => isoDay(records.findingDone[row])],
      ["criterion", (row) => ruleOf(row).criterion || ""],
      ["recommendations", (row) => ruleOf(row).recommendations.join(";")],
      ["reason", (row) => reasonOf(records, row)],
      ["causes", (row) => records.causes[records.findingCauses[row]].join(" ")],
      ["action", (row) => ruleOf(row).action || ""],
    ],
  };
}
