// The view of one case: who holds it, what follows, its findings in plain words, its timeline, and what is open.

function showCase(records, reference) {
  const number = records.caseNumbers.get(reference);
  const back = make("p", {}, make("a", { href: records.lastAddress || "#/cases" }, "Back to cases and findings"));
  if (number === undefined) {
    replaceWith("case", make("h2", { id: "case-heading", tabindex: "-1" }, "No such case"), make("p", {}, "This page has no case of that reference. Another page may have it under a pseudonym, or in an earlier run."), back);
    return;
  }
  const findings = findingsOf(records, number);
  const conclusions = findings.filter((each) => each.rule.flag);
  const others = findings.filter((each) => !each.rule.flag);
  const checks = checksOf(records, number);
  replaceWith("case",
    back,
    make("h2", { id: "case-heading", tabindex: "-1" }, "Case ", nameOf(reference)),
    factsOf(records, number),
    section("What follows", conclusions.length ? make("div", { class: "concluded-list" }, conclusions.map((each) => findingBlock(records, each))) : make("p", {}, "Nothing follows from its findings taken together.")),
    section(`Findings (${others.length})`, others.length ? others.map((each) => findingBlock(records, each)) : make("p", {}, "No finding.")),
    timelineSection(records, number, [...others, ...checks]),
    openSection(records, checks));
}

function section(title, ...content) {
  const id = `case-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  return make("section", { "aria-labelledby": id }, make("h3", { id }, title), content);
}

function findingsOf(records, number) {
  const found = [];
  for (let place = records.firstFinding[number]; place < records.firstFinding[number + 1]; place++) {
    found.push({
      rule: records.rules[records.findingRule[place]],
      outcome: records.outcomes[records.findingOutcome[place]],
      due: records.findingDue[place],
      done: records.findingDone[place],
      late: records.findingLate[place],
      reason: reasonOf(records, place),
      causes: records.causes[records.findingCauses[place]],
    });
  }
  return found.sort((one, other) => one.rule.severity - other.rule.severity || other.late - one.late);
}

function checksOf(records, number) {
  const found = [];
  for (let place = records.firstCheck[number]; place < records.firstCheck[number + 1]; place++) {
    found.push({
      rule: records.rules[records.checkRule[place]],
      outcome: records.outcomes[records.checkOutcome[place]],
      due: records.checkDue[place],
      done: records.checkDone[place],
      reason: records.checkReason[place] ? records.reasons[records.checkReason[place] - 1] : "",
    });
  }
  return found;
}

function factsOf(records, number) {
  const facts = records.levels.filter((level) => level !== "case").map((level) => [LEVEL_NAMES[level], nameOf(records[`${level}s`][placeAt(records, number, level)][0])]);
  const order = records.orders[records.caseOrder[number] - 1];
  facts.push(["Order", ORDER_WORDS[order] || NOT_RECORDED]);
  facts.push(["Start", writtenDay(records.caseStart[number]) || NOT_RECORDED]);
  if (records.caseEnd[number]) facts.push(["End", writtenDay(records.caseEnd[number])]);
  facts.push(["Tier", records.caseTier[number] ? String(records.caseTier[number]) : NOT_RECORDED]);
  facts.push(["Risk of Harm", rohWord(records, number)]);
  facts.push(["PPO", [NOT_RECORDED, "no", "yes"][records.casePpo[number]]]);
  return make("dl", { class: "case-facts" }, facts.map(([title, value]) => make("div", {}, make("dt", {}, title), make("dd", {}, value))));
}

function findingBlock(records, finding) {
  const lines = finding.rule.flag ? [] : [make("p", {}, outcomeMark(finding.outcome), ". ", finding.reason)];
  for (const cause of finding.causes) lines.push(make("p", {}, make("span", { class: "quiet" }, "Cause: "), cause));
  if (finding.rule.action) lines.push(make("p", { class: "action" }, make("span", { class: "quiet" }, "To do: "), finding.rule.action));
  return make("article", { class: "finding" }, make("h4", {}, finding.rule.title, " ", severityMark(records.severities[finding.rule.severity])), lines);
}

function timelineSection(records, number, duties) {
  const dated = duties.filter((duty) => duty.due !== NO_DAY || duty.done !== NO_DAY);
  dated.sort((one, other) => (one.due || one.done) - (other.due || other.done));
  return section("Timeline", dated.length ? timelineOf(records, number, dated) : make("p", {}, "No duty of this case has a date yet."));
}

function openSection(records, checks) {
  const unknown = checks.filter((check) => check.outcome === "unknown");
  const due = checks.filter((check) => check.outcome === "due");
  const met = checks.filter((check) => check.outcome === "met");
  return section("Open, and in order",
    make("p", {}, `${counted(met.length, "rule is", "rules are")} met, ${counted(due.length, "duty is", "duties are")} still in time, ${counted(unknown.length, "answer")} could not be given.`),
    due.length ? make("ul", { class: "plain" }, due.map((check) => make("li", {}, outcomeMark("due"), check.due ? ` by ${writtenDay(check.due)}: ` : ": ", check.rule.title))) : null,
    unknown.length ? make("ul", { class: "plain" }, unknown.map((check) => make("li", {}, outcomeMark("unknown"), `: ${check.rule.title}. `, make("span", { class: "quiet" }, check.reason)))) : null,
    met.length ? make("details", {}, make("summary", {}, counted(met.length, "rule met", "rules met")), make("ul", { class: "plain columns" }, met.map((check) => make("li", {}, check.rule.title)))) : null);
}
