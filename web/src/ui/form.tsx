import { Fragment, type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { t } from "../i18n";
import { Problem } from "./parts";

interface Props {
  title: string;
  /** Throws what went wrong; a form that was taken is emptied. */
  onSave: (values: FormData) => Promise<void>;
  /** What its button says; "save" when not given. */
  verb?: string;
  children: ComponentChildren;
}

/** A form that saves to the server, says that it did or why not, and loses nothing that was typed when it did not. */
export function SaveForm({ title, onSave, verb, children }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    setIsSaved(false);
    try {
      await onSave(new FormData(form));
      setRound((n) => n + 1); // fields anew: reset() would put choices to the first of the list, whatever else shows
      setError(null);
      setIsSaved(true);
    } catch (e) {
      setError(e instanceof ApiError ? e : new ApiError(-1, String((e as Error).message)));
    }
    setBusy(false);
  };
  return (
    <form class="card" onSubmit={(e) => void submit(e)} onInput={() => setIsSaved(false)}>
      {title && <h2>{title}</h2>}
      <Fragment key={round}>{children}</Fragment>
      <Problem error={error} />
      <div class="row">
        <button class="main" disabled={busy}>{verb ?? t("any.save")}</button>
        {isSaved && <span role="status">{t("any.saved")}</span>}
      </div>
    </form>
  );
}

/** A local date and time of a form ("2026-04-01T09:30", with seconds or without, Japan) in UTC microseconds. */
export function japanUs(local: string): number {
  const ms = Date.parse(`${local}${local.length > 16 ? "" : ":00"}+09:00`);
  if (Number.isNaN(ms)) throw new Error(t("any.badDate", { value: local }));
  return ms * 1000;
}

/** Now, as a form's date field in Japan shows it. */
export const japanNow = (): string => new Date(Date.now() + 9 * 3600_000).toISOString().slice(0, 16);

/** A moment as a form's date field in Japan shows it. */
export const japanField = (us: number): string => new Date(us / 1000 + 9 * 3600_000).toISOString().slice(0, 16);

/** A number of a form; empty is null, anything else that is no number an error. */
export const numberOf = (values: FormData, name: string): number | null => numberIn(String(values.get(name) ?? ""));

export function numberIn(entered: string): number | null {
  const text = entered.trim().replace(/,/g, "");
  if (text === "") return null;
  const x = Number(text);
  if (!Number.isFinite(x)) throw new Error(t("any.badNumber", { value: text }));
  return x;
}
