// The users of the emulator. Every ID that starts with user_ is one; these few have names and
// addresses to search for.

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
    ...DEFAULTS,
    id,
    first_name,
    last_name,
    primary_email_address_id: `idn_${id}`,
    email_addresses: [emailAddress(`idn_${id}`, email)],
  }));
}

const emailAddress = (id: string, email_address: string) => ({
  object: "email_address",
  id,
  email_address,
  reserved: false,
  verification: null,
  linked_to: [],
  created_at: 1_700_000_000_000,
  updated_at: 1_700_000_000_000,
});

/** The fields that nobody searches for. */
const DEFAULTS = {
  object: "user",
  username: null,
  external_id: null,
  has_image: false,
  primary_phone_number_id: null,
  primary_web3_wallet_id: null,
  password_enabled: false,
  two_factor_enabled: false,
  totp_enabled: false,
  backup_code_enabled: false,
  mfa_enabled_at: null,
  mfa_disabled_at: null,
  phone_numbers: [],
  web3_wallets: [],
  passkeys: [],
  external_accounts: [],
  saml_accounts: [],
  enterprise_accounts: [],
  public_metadata: {},
  private_metadata: { note: "Nothing but the server may see this." },
  last_sign_in_at: null,
  last_active_at: null,
  legal_accepted_at: null,
  banned: false,
  locked: false,
  lockout_expires_in_seconds: null,
  verification_attempts_remaining: null,
  delete_self_enabled: true,
  create_organization_enabled: true,
  created_at: 1_700_000_000_000,
  updated_at: 1_700_000_000_000,
};
