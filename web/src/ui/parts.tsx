import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../api/client";
import { t, type TextKey } from "../i18n";
import type { Loaded } from "./load";

export type State = "ok" | "warning" | "alarm" | "silent" | "unknown";
const STATES: readonly string[] = ["ok", "warning", "alarm", "silent"];

/** State in colour, shape and words: no one of them alone. */
export function StateMark({ state }: { state: string }) {
  const known = (STATES.includes(state) ? state : "unknown") as State;
  return <span class={`state ${known}`}>{t(`state.${known}` as TextKey)}</span>;
}

export function Problem({ error, retry }: { error: ApiError | null; retry?: () => void }) {
  if (!error) return null;
  const text = error.status === 0 ? t("any.offline") : error.status === 403 ? t("any.forbidden") : t("any.error", { why: error.message });
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
}

export function Table<T>({ label, rows, columns, none, stack }: TableProps<T>) {
  if (rows.length === 0) return <p class="muted">{none}</p>;
  return (
    <div class={stack ? "scroll stack" : "scroll"} tabIndex={0} role="region" aria-label={label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">{columns.map((c) => <th key={c.head} scope="col" role="columnheader" class={c.isNumber ? "n" : ""}>{c.head}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, i) => (
            <tr key={i} role="row">{columns.map((c) => <td key={c.head} role="cell" data-head={c.head} class={c.isNumber ? "n" : ""}>{c.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return <label>{label}{children}</label>;
}
