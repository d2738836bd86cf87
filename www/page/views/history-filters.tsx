// Filters the history: by the state now, by any text, or by one of its fields.
import { useState } from "preact/hooks";

import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { clearFilters, filter, filters, isFiltered, load, type } from "../state/history.ts";

const STATES = [
  ["", "All"],
  ["active", "Active"],
  ["ended", "Used or revoked"],
  ["expired", "Expired"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
];

const FIELDS = [
  ["person", "Person", "text"],
  ["reason", "Reason", "text"],
  ["run", "Run ID", "text"],
  ["from", "From", "date"],
  ["until", "Until", "date"],
] as const;

export function HistoryFilters() {
  const { state, search, ...more } = filters.value;
  const [isOpen, setOpen] = useState(Object.values(more).some(Boolean));
  return (
    <>
      <div class="filters">
        <div class="tabs" role="group" aria-label="Show">
          {STATES.map(([name, title]) => (
            <button
              key={name}
              type="button"
              aria-pressed={state === name}
              onClick={() => filter({ state: name })}
            >
              {title}
            </button>
          ))}
        </div>
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search by ID, person, reason or file"
            placeholder="ID, person, reason or file"
            value={search}
            onInput={({ currentTarget }) => type({ search: currentTarget.value })}
            onKeyDown={({ key }) => key === "Enter" && load()}
          />
        </label>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Filters
          <Icon name="chevron" />
        </button>
        {isFiltered() && (
          <button type="button" class="quiet" onClick={clearFilters}>
            <Icon name="x" />
            Clear filters
          </button>
        )}
      </div>
      {(isOpen || Object.values(more).some(Boolean)) && (
        <div class="card fields">
          {FIELDS.map(([name, label, kind]) => (
            <Field key={name} label={label}>
              {(props) => (
                <input
                  type={kind as "text"}
                  value={more[name]}
                  onInput={({ currentTarget }) => type({ [name]: currentTarget.value.trim() })}
                  {...props}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </>
  );
}
