// The users of the emulator. Every ID that starts with user_ is one; these few have names and
// addresses to search for.
import { readFileSync } from "node:fs";

import { parse } from "yaml";

interface Schema {
  required: string[];
  properties: Record<string, { type: string; nullable?: boolean; enum?: string[] }>;
}

const description = new URL("clerk-sign-in-tokens.openapi.yml", import.meta.url);
const { schemas } = parse(readFileSync(description, "utf8")).components;

const PEOPLE: [id: string, first: string | null, last: string | null, email: string][] = [
  ["user_2abcDEFghiJKLmnoPQRstuVWXyz", "Anna", "Lindqvist", "anna.lindqvist@example.com"],
  ["user_2zyxWVUtsrQPOnmlKJIhgfEDCba", "Anna", "Lindquist", "anna.lindquist@example.com"],
  ["user_2jonASbjoRNsenNORwayHIstORy", "Jonas", "Bjørnsen", "jonas.bjornsen@example.com"],
  ["user_2keiKOtanAKAtoKYOjaPANosAKa", "恵子", "田中", "keiko.tanaka@example.com"],
  ["user_2oluWAseUNadeYEMilaGOSngERi", "Oluwaseun", "Adeyemi", "o.adeyemi@example.org"],
  ["user_2supPORTdesKONLYanADdresSES", null, null, "billing@example.com"],
];

/**
 * Returns the users that match, as the API shows them. All match an empty query. It is a part of an
 * ID, a name or an address, in upper or lower case; or any user's whole ID.
 */
export function findUsers(query: string) {
  const found = PEOPLE.filter((person) =>
    person.some((text) => text?.toLowerCase().includes(query.toLowerCase())),
  );
  if (found.length === 0 && /^user_\w+$/.test(query))
    found.push([query, null, null, `${query}@example.com`]);
  return found.map(([id, first_name, last_name, email]) => ({
    ...empty(schemas.User),
    private_metadata: { note: "Nothing but the server may see this." },
    id,
    first_name,
    last_name,
    primary_email_address_id: `idn_${id}`,
    email_addresses: [{ ...empty(schemas.EmailAddress), id: `idn_${id}`, email_address: email }],
  }));
}

/** Returns an object with all fields that Clerk's description requires, without content. */
function empty({ required, properties }: Schema) {
  const values: Record<string, unknown> = { boolean: false, integer: 1_700_000_000_000, array: [] };
  const valueOf = ({ type, nullable, enum: known }: Schema["properties"][string]) =>
    nullable ? null : (known?.[0] ?? values[type] ?? {});
  return Object.fromEntries(required.map((name) => [name, valueOf(properties[name])]));
}
