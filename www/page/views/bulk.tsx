// Shows the form for a list of users, and the run that replaces it.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { Field, focusFirst } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { LifetimeField } from "../parts/lifetime-field.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import {
  change,
  form,
  list,
  notice,
  problemOfList,
  problems,
  submit,
  takeFile,
  takePaste,
} from "../state/bulk-form.ts";
import { download, TEMPLATE } from "../state/run-csv.ts";
import { run } from "../state/run.ts";
import { ListPreview } from "./list-preview.tsx";
import { RunPanel } from "./run-panel.tsx";
import type { ListFile } from "../state/bulk-form.ts";

export function Bulk() {
  return (
    <>
      {notice.value && (
        <p class="note wrong" role="alert">
          <Icon name="warning" />
          {notice.value}
        </p>
      )}
      {run.value ? <RunPanel run={run.value} /> : <BulkForm />}
    </>
  );
}

function BulkForm() {
  const element = useRef<HTMLFormElement>(null);
  // Together with the text, so that no key press in between goes elsewhere.
  useLayoutEffect(() => {
    if (Object.keys(problems.value).length > 0)
      focusFirst(element.current, "[aria-invalid=true], input[type=file]");
  }, [problems.value]);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    submit();
  };
  const { length } = list.value.users;
  return (
    <div class="with-aside">
      <form ref={element} class="card column" onSubmit={onSubmit} noValidate>
        <h1>Links for many users</h1>
        {form.value.file ? <FileCard file={form.value.file} /> : <ListField />}
        {form.value.file && problemOfList.value && (
          <p class="callout bad" role="alert">
            <Icon name="warning" />
            {problemOfList.value}
          </p>
        )}
        <ListPreview list={list.value} />
        <LifetimeField
          legend="Each link works for"
          each
          value={form.value.lifetime}
          problem={problems.value.lifetime}
          onChange={(lifetime) => change({ lifetime })}
        />
        <ReasonField value={form.value.reason} onChange={(reason) => change({ reason })} />
        <button class="primary">
          <Icon name="plus" />
          {length > 0
            ? `Create ${length.toLocaleString()} ${length === 1 ? "link" : "links"}`
            : "Create links"}
        </button>
      </form>
      <Format />
    </div>
  );
}

function ListField() {
  return (
    <>
      <Field
        label="User IDs"
        hint="One per line, CSV with a column of user IDs, or one JSON object per line."
        problem={problems.value.list}
      >
        {(props) => (
          <textarea
            class="id"
            rows={8}
            spellcheck={false}
            autocomplete="off"
            placeholder={"user_…\nuser_…"}
            value={form.value.text}
            onInput={({ currentTarget }) => change({ text: currentTarget.value })}
            onPaste={(event) => {
              if (takePaste(event.clipboardData?.getData("text") ?? "")) event.preventDefault();
            }}
            {...props}
          />
        )}
      </Field>
      <label class="file-drop">
        <input
          type="file"
          accept=".csv,.txt,.tsv,.ndjson,.jsonl,text/csv,text/plain"
          onChange={({ currentTarget: { files } }) => files?.[0] && takeFile(files[0])}
        />
        <Icon name="upload" />
        <span>
          <strong>Choose a file</strong>, or drop one anywhere on this page
        </span>
      </label>
    </>
  );
}

function FileCard({ file }: { file: ListFile }) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), [file]);
  return (
    <div class="file-card" ref={card} tabIndex={-1}>
      <Icon name="file" />
      <div>
        <p>
          <strong>{file.name}</strong>
        </p>
        <p class="muted">{sizeOf(file.size)}</p>
      </div>
      <button type="button" onClick={() => change({ file: undefined })}>
        <Icon name="x" />
        Remove
      </button>
    </div>
  );
}

function Format() {
  return (
    <aside class="advice" aria-labelledby="format-title">
      <h2 id="format-title">Supported lists</h2>
      <ul>
        <li>
          <Icon name="users" />
          <p>
            <strong>User IDs,</strong> one per line.
          </p>
        </li>
        <li>
          <Icon name="file" />
          <p>
            <strong>CSV,</strong> such as Clerk&rsquo;s own export. The page finds the column with
            the user IDs. The next column can hold organization IDs.
          </p>
        </li>
        <li>
          <Icon name="file" />
          <p>
            <strong>NDJSON,</strong> one JSON object per line, with the same names for the IDs.
          </p>
        </li>
        <li>
          <Icon name="download" />
          <p>
            <strong>Other columns</strong> are kept in the result, so that you can send the links by
            mail merge.
          </p>
        </li>
      </ul>
      <button type="button" onClick={() => download(TEMPLATE, "sign-in-links-template.csv")}>
        <Icon name="download" />
        Download a template
      </button>
    </aside>
  );
}

function sizeOf(bytes: number) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
