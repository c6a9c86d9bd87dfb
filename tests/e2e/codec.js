// codec.js CODEC - the JavaScript codec against the test vector of docs/protocol.md; run by node
const fs = require("fs"), vm = require("vm");
const profiles = [{number: 3, fields: [{channel: "ph", bits: 11, decimals: 2}, {channel: "temp", bits: 10, decimals: 1, offset: -200},
                                       {channel: "ec", bits: 12, step: 5}]}];
const context = vm.createContext({});
vm.runInContext(fs.readFileSync(process.argv[2], "utf8"), context);
const bytes = [..."230100010 20B49D8005908E87B0066B9".replace(" ", "").match(/../g)].map((h) => parseInt(h, 16));
const expect = (got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) { console.error(JSON.stringify(got), "is not", JSON.stringify(wanted)); process.exit(1); }
};
expect(context.decodeRecords(bytes, profiles),
       {records: [{epoch: 1, seq: 258, time: "2026-01-01T00:00:00.000Z", values: {ph: 7.12, temp: 8.5, ec: 1230}}]});
bytes[10] ^= 1;
expect(context.decodeRecords(bytes, profiles), {error: "checksum"});
// CRC-16/CCITT-FALSE of "123456789" (its check value)
expect(context.crc16([..."123456789"].map((c) => c.charCodeAt(0)), 9), 0x29b1);
expect(context.encodeDownlink({data: {epoch: 7, ask: [{first: 300, count: 256}]}}).bytes.slice(0, 6), [0x21, 7, 0, 1, 0x2c, 255]);
