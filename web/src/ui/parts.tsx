import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../api/client";
import { language, t, type TextKey } from "../i18n";
import { en } from "../i18n/en";
import type { faultText } from "../i18n/faults";
import type { Loaded } from "./load";

export type State = "ok" | "warning" | "alarm" | "silent" | "unknown";
const STATES: readonly string[] = ["ok", "warning", "alarm", "silent"];

/** State in colour, shape and words: no one of them alone. */
export function StateMark({ state }: { state: string }) {
  const known = (STATES.includes(state) ? state : "unknown") as State;
  return <span class={`state ${known}`}>{t(`state.${known}` as TextKey)}</span>;
}

/** Sentences for what the server refuses; they come with the first refusal. */
const faults = signal<typeof faultText | null>(null);

/** In the reader's language: the sentence of the message's code, else the kind of fault before the server's words, which are English. */
function reasonOf(error: ApiError): string {
  if (language.value === "en") return error.message;
  const sentence = error.code && faults.value?.(error.code, error.params);
  const key = `fault.${error.fault}`;
  return sentence || (key in en ? `${t(key as TextKey)} (${error.message})` : error.message);
}

export function Problem({ error, retry }: { error: ApiError | null; retry?: () => void }) {
  useEffect(() => {
    if (error?.code && !faults.value && language.value !== "en") void import("../i18n/faults").then((m) => void (faults.value = m.faultText), () => undefined);
  }, [error, language.value]);
  if (!error) return null;
  const text = error.status === 0 ? t("any.offline") : error.code === "role_too_low" || (error.status === 403 && !error.code) ? t("any.forbidden") : t("any.error", { why: reasonOf(error) });
  return (
    <p class="notice error" role="alert">
      {text} {retry && <button type="button" class="link" onClick={retry}>{t("any.retry")}</button>}
    </p>
  );
}

/** The loaded value, or that it is loading, or why it is not there; a stale value stays below its error. */
export function Show<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  return (
    <>
      <Problem error={of.error} retry={of.reload} />
      {of.value !== null ? children(of.value) : !of.error && <p class="muted" role="status">{t("any.loading")}</p>}
    </>
  );
}

export function Dialog({ title, onClose, wide, children }: { title: string; onClose: () => void; wide?: boolean; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} class={wide ? "wide" : ""} onClose={onClose} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  isNumber?: boolean;
}

interface TableProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  none: string;
  /** On a narrow screen each row stands by itself, line by line; the roles keep it a table for those who listen. */
  stack?: boolean;
  /** A word for the state of a row, for its colour at the edge. */
  tone?: (row: T) => string;
  /** On a narrow screen a row is a few words in one paragraph: for long lists. */
  dense?: boolean;
}

/** Up and down go to the control of the same kind in the next row: a list of alarms is worked through without the tabulator. */
function byArrows(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const here = event.target as HTMLElement;
  const row = here.closest("tr");
  if (!step || !row || !/^(A|BUTTON)$/.test(here.tagName)) return;
  const controls = (r: Element): HTMLElement[] => [...r.querySelectorAll<HTMLElement>("a[href], button:not(:disabled)")];
  const at = controls(row).indexOf(here);
  for (let next = row as Element | null; (next = step > 0 ? next!.nextElementSibling : next!.previousElementSibling);) {
    const there = controls(next);
    const same = there.find((c) => c.textContent === here.textContent) ?? there[Math.min(at, there.length - 1)];
    if (!same) continue;
    event.preventDefault();
    same.focus();
    return;
  }
}

export function Table<T>({ label, rows, columns, none, stack, tone, dense }: TableProps<T>) {
  if (rows.length === 0) return <p class="muted empty">{none}</p>;
  return (
    <div class={`scroll${stack ? " stack" : ""}${dense ? " dense" : ""}`} tabIndex={0} role="region" aria-label={label} onKeyDown={byArrows}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">{columns.map((c) => <th key={c.head} scope="col" role="columnheader" class={c.isNumber ? "n" : ""}>{c.head}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, i) => (
            <tr key={i} role="row" class={tone && `tone ${tone(row)}`}>{columns.map((c) => <td key={c.head} role="cell" data-head={c.head} class={c.isNumber ? "n" : ""}>{c.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return <label>{label}{children}</label>;
}
