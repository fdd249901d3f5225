// Counts of findings by place and by rule: from the cases and their findings, or, where no case is shown, from counts
// that do not say which findings are of one case.

function noFindings(records) {
  return { cases: 0, withFindings: 0, findings: 0, missing: 0, severities: records.severities.map(() => 0) };
}

// For each innermost place its cases and findings.
function countByPlace(records, choice, counts) {
  const places = Array.from(choice.placeOk, () => noFindings(records));
  if (records.hasCases) addCases(records, choice, counts, places);
  else addCounts(records, choice, places);
  return places;
}

function addCases(records, choice, counts, places) {
  for (let number = 0; number < records.caseCount; number++) {
    if (!choice.caseOk[number]) continue;
    const place = places[records.casePlace[number]];
    place.cases++;
    if (!counts.findings[number]) continue;
    place.withFindings++;
    place.findings += counts.findings[number];
    place.missing += counts.missing[number];
    counts.severities.forEach((each, severity) => { place.severities[severity] += each[number]; });
  }
}

function addCounts(records, choice, places) {
  const missing = records.outcomes.indexOf("missing");
  for (const number of chosenCounts(records, choice)) {
    const place = places[records.countPlace[number]];
    const findings = records.countFindings[number];
    place.findings += findings;
    place.severities[records.severityOf[records.countRule[number]]] += findings;
    if (records.countOutcome[number] === missing) place.missing += findings;
  }
  places.forEach((place, number) => {
    if (!choice.placeOk[number]) return;
    place.cases = records.placeCases[number];
    place.withFindings = choice.narrowed ? place.findings : records.placeWithFindings[number];
  });
}

// For each rule its findings, and the cases that they are in.
function countByRule(records, choice) {
  const rules = records.rules.map(() => ({ findings: 0, cases: 0, missing: 0 }));
  const missing = records.outcomes.indexOf("missing");
  const add = (rule, outcome, findings) => {
    rules[rule].findings += findings;
    rules[rule].cases += findings;
    if (outcome === missing) rules[rule].missing += findings;
  };
  if (records.hasCases) {
    for (const number of chosenFindings(records, choice)) add(records.findingRule[number], records.findingOutcome[number], 1);
  } else {
    for (const number of chosenCounts(records, choice)) add(records.countRule[number], records.countOutcome[number], records.countFindings[number]);
  }
  return rules;
}

// The counts that a view is about, by their numbers.
function chosenCounts(records, { placeOk, ruleOk, outcomeOk }) {
  const { countPlace, countRule, countOutcome } = records;
  return [...countPlace.keys()].filter((number) => placeOk[countPlace[number]] && ruleOk[countRule[number]] && outcomeOk[countOutcome[number]]);
}
