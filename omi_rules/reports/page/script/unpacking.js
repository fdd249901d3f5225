// The records: packed as base64 of gzip, see packing.py. Nothing leaves the page, and nothing is asked for.

const FIRST_DAY = Date.UTC(1950, 0, 1);
const NO_DAY = 0;
const A_DAY = 86400000;

async function unpackRecords() {
  const text = document.getElementById("data").textContent;
  const packed = typeof Uint8Array.fromBase64 === "function" ? Uint8Array.fromBase64(text) : bytesOf(text);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return readRecords(await new Response(stream).arrayBuffer());
}

function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
  return bytes;
}

function readRecords(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const records = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let place = aligned(4 + length);
  for (const [name, [size, count]] of Object.entries(records.columns)) {
    const kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[size];
    records[name] = new kind(buffer, place, count);
    place = aligned(place + size * count);
  }
  records.placesOf = placesByLevel(records);
  records.severityOf = Uint8Array.from(records.rules, (each) => each.severity);
  records.hasCases = Boolean(records.cases);
  if (records.hasCases) {
    records.firstFinding = firstOf(records.findingsOfCase);
    records.firstCheck = firstOf(records.checksOfCase);
  }
  records.caseNumbers = new Map((records.cases || []).map((name, number) => [name, number]));
  return records;
}

function aligned(place) {
  return (place + 3) & ~3;
}

// Where the rows of each case begin; the last entry is where those of the last case end.
function firstOf(counts) {
  const first = new Uint32Array(counts.length + 1);
  for (let number = 0; number < counts.length; number++) first[number + 1] = first[number] + counts[number];
  return first;
}

// The place of a case on a level: "division", "team" or "officer".
function placeAt(records, number, level) {
  return records.placesOf[level][records.casePlace[number]];
}

// For each level the place on it of every innermost place.
function placesByLevel(records) {
  const levels = records.levels.filter((level) => level !== "case");
  const found = {};
  let places = Uint32Array.from(records[`${levels.at(-1)}s`], (_, place) => place);
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    found[levels[depth]] = places;
    const around = records[`${levels[depth]}s`];
    places = places.map((place) => around[place][1]);
  }
  return found;
}
