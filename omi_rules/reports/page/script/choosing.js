// Which cases and findings a view is about, and the counts of them.

// Masks over places, cases, rules and outcomes: 1 is in, 0 is out. `narrowed` says whether findings are filtered at all,
// and `tellsCases` whether it can be said how many cases have one: a case has one finding of a rule at most.
function choose(records, state) {
  const { rule, rec, criterion, severity, outcome, q } = state.filters;
  const placeOk = placesWithin(records, state.within);
  const caseOk = Uint8Array.from(records.casePlace || [], (place) => placeOk[place]);
  if (q && records.hasCases) {
    const wanted = q.toLowerCase();
    records.lowerCases ??= records.cases.map((name) => name.toLowerCase());
    for (let number = 0; number < caseOk.length; number++) {
      if (caseOk[number] && !records.lowerCases[number].includes(wanted)) caseOk[number] = 0;
    }
  }
  const ruleOk = Uint8Array.from(records.rules, (each) =>
    (!rule || each.id === rule) &&
    (!rec || each.recommendations.includes(Number(rec))) &&
    (!criterion || each.criterion === criterion) &&
    (!severity || records.severities[each.severity] === severity) ? 1 : 0);
  const outcomeOk = Uint8Array.from(records.outcomes, (each) => (!outcome || each === outcome ? 1 : 0));
  const narrowed = Boolean(rule || rec || criterion || severity || outcome);
  const tellsCases = records.hasCases || !narrowed || ruleOk.filter(Boolean).length <= 1;
  return { placeOk, caseOk, ruleOk, outcomeOk, narrowed, tellsCases };
}

function placesWithin(records, within) {
  const wanted = Object.entries(within);
  const innermost = Object.values(records.placesOf)[0];
  return Uint8Array.from(innermost, (_, place) =>
    wanted.every(([level, name]) => records[`${level}s`][records.placesOf[level][place]][0] === name) ? 1 : 0);
}

// How many findings each case has, in all, by severity, and how many duties are missing; and the longest lateness.
function countByCase(records, choice) {
  const counts = { findings: perCase(records), severities: records.severities.map(() => perCase(records)), missing: perCase(records), late: perCase(records) };
  const { caseOk, ruleOk, outcomeOk } = choice;
  const missing = records.outcomes.indexOf("missing");
  const { severityOf, firstFinding, findingRule, findingOutcome, findingLate } = records;
  for (let number = 0; number < caseOk.length; number++) {
    if (!caseOk[number]) continue;
    for (let place = firstFinding[number]; place < firstFinding[number + 1]; place++) {
      const rule = findingRule[place];
      if (!ruleOk[rule] || !outcomeOk[findingOutcome[place]]) continue;
      counts.findings[number]++;
      counts.severities[severityOf[rule]][number]++;
      if (findingOutcome[place] === missing) counts.missing[number]++;
      if (findingLate && findingLate[place] > counts.late[number]) counts.late[number] = findingLate[place];
    }
  }
  return counts;
}

function perCase(records) {
  return new Uint32Array(records.caseCount);
}

// The findings that a view is about, by their numbers.
function chosenFindings(records, choice) {
  const { caseOk, ruleOk, outcomeOk } = choice;
  const { firstFinding, findingRule, findingOutcome } = records;
  const chosen = new Uint32Array(findingRule.length);
  let found = 0;
  for (let number = 0; number < caseOk.length; number++) {
    if (!caseOk[number]) continue;
    for (let place = firstFinding[number]; place < firstFinding[number + 1]; place++) {
      if (ruleOk[findingRule[place]] && outcomeOk[findingOutcome[place]]) chosen[found++] = place;
    }
  }
  return chosen.subarray(0, found);
}

// The case of each finding.
function caseOfFinding(records) {
  if (!records.findingCase) {
    records.findingCase = new Uint32Array(records.findingRule.length);
    for (let number = 0; number < records.caseCount; number++) {
      records.findingCase.fill(number, records.firstFinding[number], records.firstFinding[number + 1]);
    }
  }
  return records.findingCase;
}

// Rows in the order of a key, a whole number each; equal keys stay as they are. A key and its place are sorted as one
// number, which is several times as fast as comparing rows.
function ordered(rows, key, descending) {
  const count = rows.length;
  const packed = new Float64Array(count);
  let most = 0;
  for (let place = 0; place < count; place++) {
    packed[place] = key(rows[place]);
    if (packed[place] > most) most = packed[place];
  }
  for (let place = 0; place < count; place++) {
    packed[place] = (descending ? most - packed[place] : packed[place]) * count + place;
  }
  packed.sort();
  const found = new Array(count);
  for (let place = 0; place < count; place++) {
    found[place] = rows[packed[place] - Math.floor(packed[place] / count) * count];
  }
  return found;
}

// For each of some names its place among them in order of the alphabet; worked out once for each list that is kept.
const alphabet = new Intl.Collator("en-GB", { numeric: true });
const keptRanks = new WeakMap();

function ranks(list, nameOfEach) {
  if (!keptRanks.has(list)) {
    const order = list.map((_, place) => place);
    const names = list.map((each) => nameOfEach(each) ?? "\uffff");
    order.sort((one, other) => alphabet.compare(names[one], names[other]) || one - other);
    const found = new Uint32Array(list.length);
    order.forEach((place, rank) => { found[place] = rank; });
    keptRanks.set(list, found);
  }
  return keptRanks.get(list);
}
