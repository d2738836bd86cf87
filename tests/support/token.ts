// A sign-in token without its secrets, as the API returns it.
export const TOKEN = {
  object: "sign_in_token",
  id: "sit_1",
  status: "pending",
  user_id: "user_1",
  created_at: 1,
  updated_at: 1,
};
