// chirpstack-codec.js - the own record (docs/protocol.md) for the codec field of a ChirpStack v4 device profile
//
// The server decodes frames itself; this is for those who want to see values in ChirpStack too. Write the station's
// profiles, the same JSON as in the server, into PROFILES.
var PROFILES = [];

function crc16(bytes, n) {
  var crc = 0xffff;
  for (var i = 0; i < n; i++) {
    crc ^= bytes[i] << 8;
    for (var bit = 0; bit < 8; bit++) crc = ((crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff) >>> 0;
  }
  return crc;
}

function number(bytes, at, n) {
  var v = 0;
  for (var i = 0; i < n; i++) v = v * 256 + bytes[at + i];
  return v;
}

function fieldsOf(profile, bytes, at) {
  var values = {}, bit = 8 * at;
  profile.fields.forEach(function (f) {
    var code = 0, none = Math.pow(2, f.bits) - 1;
    for (var i = 0; i < f.bits; i++, bit++) code = code * 2 + ((bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
    values[f.channel] = code === none ? null : code === none - 1 ? "over_range"
      : ((f.offset || 0) + code * (f.step === undefined ? 1 : f.step)) / Math.pow(10, f.decimals || 0);
  });
  return values;
}

function widthOf(profile) {
  return Math.ceil(profile.fields.reduce(function (sum, f) { return sum + f.bits; }, 0) / 8);
}

// {records: [{epoch, seq, time, values}]}, or {error: "..."}
function decodeRecords(bytes, profiles) {
  var end = bytes.length - 2;
  if (end < 9 || number(bytes, end, 2) !== crc16(bytes, end)) return {error: "checksum"};
  if (bytes[0] >> 5 !== 1) return {error: "version " + (bytes[0] >> 5)};
  var profile = profiles.filter(function (p) { return p.number === (bytes[0] & 31); })[0];
  if (!profile) return {error: "no profile " + (bytes[0] & 31)};
  var width = widthOf(profile), seq = number(bytes, 2, 3), time = 1577836800 + number(bytes, 5, 4), at = 9, records = [];
  if (end < at + width || (end - at - width) % (4 + width) !== 0) return {error: "length"};
  for (;;) {
    records.push({epoch: bytes[1], seq: seq, time: new Date(time * 1000).toISOString(), values: fieldsOf(profile, bytes, at)});
    at += width;
    if (at === end) return {records: records};
    seq += 1 + bytes[at];
    time += number(bytes, at + 1, 3);
    at += 4;
  }
}

// ChirpStack calls this for each uplink.
function decodeUplink(input) {
  if (input.fPort !== 1) return {data: {}};
  var result = decodeRecords(input.bytes, PROFILES);
  return result.error ? {errors: [result.error]} : {data: result};
}

// "Send these again": {fPort: 3, data: {epoch: 1, ask: [{first: 10, count: 2}]}}; "kept up to": {epoch: 1, kept: 99}
function encodeDownlink(input) {
  var d = input.data, bytes = [];
  if (d.ask) {
    bytes = [0x21, d.epoch];
    d.ask.forEach(function (a) { bytes.push(a.first >> 16 & 255, a.first >> 8 & 255, a.first & 255, a.count - 1); });
  } else {
    bytes = [0x22, d.epoch, d.kept >> 16 & 255, d.kept >> 8 & 255, d.kept & 255];
  }
  var crc = crc16(bytes, bytes.length);
  return {fPort: 3, bytes: bytes.concat([crc >> 8, crc & 255])};
}
