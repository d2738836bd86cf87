// Shows the form for a list of users, and the run that replaces it.
import { Download, FileText, Plus, Upload, UsersRound, X } from "lucide-static";
import { useEffect, useRef } from "preact/hooks";

import { counted } from "../format.ts";
import { Advice } from "../parts/advice.tsx";
import { Button, Icon } from "../parts/button.tsx";
import { Callout } from "../parts/card.tsx";
import { Field, Form, ID, Note, ReasonField } from "../parts/field.tsx";
import { LifetimeField } from "../parts/lifetime-field.tsx";
import * as bulk from "../state/bulk-form.ts";
import { download, TEMPLATE } from "../state/run-csv.ts";
import { run } from "../state/run.ts";
import { ListPreview } from "./list-preview.tsx";
import { RunPanel } from "./run-panel.tsx";

export function Bulk() {
  return (
    <>
      <Note problem={bulk.notice.value} role="alert" />
      {run.value ? <RunPanel run={run.value} /> : <BulkForm />}
    </>
  );
}

function BulkForm() {
  const { file, lifetime, reason } = bulk.form.value;
  const { length } = bulk.list.value.users;
  return (
    <div class="with-aside">
      <Form class="card column" problems={bulk.problems.value} onSubmit={bulk.submit}>
        <h1>Links for many users</h1>
        {file ? <FileCard file={file} /> : <ListField />}
        {file && bulk.problemOfList.value && (
          <Callout tone="bad" role="alert">
            {bulk.problemOfList.value}
          </Callout>
        )}
        <ListPreview list={bulk.list.value} />
        <LifetimeField
          legend="Each link works for"
          each
          value={lifetime}
          problem={bulk.problems.value.lifetime}
          onChange={(lifetime) => bulk.change({ lifetime })}
        />
        <ReasonField value={reason} onText={(reason) => bulk.change({ reason })} />
        <Button type="submit" class="primary" icon={Plus}>
          Create {length > 0 ? counted(length, "link") : "links"}
        </Button>
      </Form>
      <Advice title="Supported lists" items={FORMATS}>
        <Button icon={Download} onClick={() => download(TEMPLATE, "sign-in-links-template.csv")}>
          Download a template
        </Button>
      </Advice>
    </div>
  );
}

function ListField() {
  return (
    <>
      <Field
        {...ID}
        label="User IDs"
        hint="One per line, CSV with a column of user IDs, or one JSON object per line."
        problem={bulk.problems.value.list}
        rows={8}
        placeholder={"user_…\nuser_…"}
        value={bulk.form.value.text}
        onText={(text) => bulk.change({ text })}
        onPaste={(event) => {
          const text = event.clipboardData?.getData("text") ?? "";
          if (bulk.takePaste(text)) event.preventDefault();
        }}
      />
      <label class="file-drop">
        <input
          type="file"
          accept=".csv,.txt,.tsv,.ndjson,.jsonl,text/csv,text/plain"
          onChange={({ currentTarget: { files } }) => files?.[0] && bulk.takeFile(files[0])}
        />
        <Icon of={Upload} />
        <span>
          <strong>Choose a file</strong>, or drop one anywhere on this page
        </span>
      </label>
    </>
  );
}

function FileCard({ file }: { file: bulk.ListFile }) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), [file]);
  return (
    <div class="file-card" ref={card} tabIndex={-1}>
      <Icon of={FileText} />
      <div>
        <p>
          <strong>{file.name}</strong>
        </p>
        <p class="muted">{sizeOf(file.size)}</p>
      </div>
      <Button icon={X} onClick={() => bulk.change({ file: undefined })}>
        Remove
      </Button>
    </div>
  );
}

const FORMATS: [icon: string, point: string, text: string][] = [
  [UsersRound, "User IDs,", "one per line."],
  [
    FileText,
    "CSV,",
    "such as Clerk’s own export. The page finds the column with the user IDs. " +
      "The next column can have organization IDs.",
  ],
  [FileText, "NDJSON,", "one JSON object per line, with the same names for the IDs."],
  [
    Download,
    "Other columns",
    "are kept in the result, so that you can send the links by mail merge.",
  ],
];

function sizeOf(bytes: number) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
