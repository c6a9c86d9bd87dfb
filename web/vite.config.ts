import { defineConfig, type Plugin } from "vite";
// @ts-expect-error a plain script, used while building only
import { coast } from "./scripts/coast.mjs";

/** `import url from "virtual:coast"`: address of the map's coast lines. */
function coastLines(): Plugin {
  const id = "\0virtual:coast";
  return {
    name: "seiryu-coast",
    resolveId: (source) => (source === "virtual:coast" ? id : null),
    load(source) {
      if (source !== id) return null;
      const file = this.emitFile({ type: "asset", name: "coast.json", source: JSON.stringify(coast()) });
      return `export default import.meta.ROLLUP_FILE_URL_${file}`;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [coastLines()],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2021",
    assetsInlineLimit: 0, // the server's content policy allows no data: address
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
