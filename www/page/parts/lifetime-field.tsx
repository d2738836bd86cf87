// Asks how long a link works: a preset or a custom amount. Shows when it will expire.
import { useId } from "preact/hooks";

import { now } from "../state/clock.ts";
import { presetsUpTo, secondsOf, UNITS } from "../state/lifetime.ts";
import { session } from "../state/session.ts";
import { dayAndTime, duration } from "../time.ts";
import { Note } from "./field.tsx";
import type { LifetimeChoice } from "../types.ts";

/** With `each`, the time starts for each link when it is created. */
export function LifetimeField({
  legend,
  value,
  onChange,
  problem,
  each,
}: {
  legend: string;
  value: LifetimeChoice;
  onChange: (value: LifetimeChoice) => void;
  problem?: string;
  each?: boolean;
}) {
  const id = useId();
  const longest = session.value.maxLifetimeSeconds;
  const options: [LifetimeChoice["choice"], string][] = [
    ...presetsUpTo(longest),
    ["custom", "Custom"],
  ];
  return (
    <fieldset class="field" aria-describedby={id}>
      <legend>{legend}</legend>
      <div class="choices">
        {options.map(([choice, name]) => (
          <label key={choice}>
            <input
              type="radio"
              name={id}
              value={choice}
              checked={value.choice === choice}
              onChange={() => onChange({ ...value, choice })}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      {value.choice === "custom" && <Custom value={value} onChange={onChange} problem={problem} />}
      <Note id={id} problem={problem} hint={meaning(secondsOf(value), each)} />
    </fieldset>
  );
}

function Custom({
  value,
  onChange,
  problem,
}: {
  value: LifetimeChoice;
  onChange: (value: LifetimeChoice) => void;
  problem?: string;
}) {
  return (
    <div class="custom-lifetime">
      <input
        type="number"
        min="1"
        step="1"
        aria-label="Amount"
        aria-invalid={problem ? "true" : undefined}
        value={value.amount}
        onInput={({ currentTarget }) => onChange({ ...value, amount: currentTarget.value })}
      />
      <select
        aria-label="Unit"
        value={value.unit}
        onChange={({ currentTarget }) => onChange({ ...value, unit: Number(currentTarget.value) })}
      >
        {UNITS.map(([seconds, name]) => (
          <option key={seconds} value={seconds}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function meaning(seconds: number, each?: boolean) {
  const end = now.value + seconds * 1000;
  if (!(seconds >= 1) || !(end < 8.64e15)) return "A whole number, 1 or more.";
  if (each) return `Each link expires ${duration(seconds * 1000)} after it is created.`;
  return `Works until ${dayAndTime(end)}.`;
}
