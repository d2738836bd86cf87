// A refusal in the shape of the API's own errors, so that the package in the page reads both alike.
export function errorResponse(status, code, message, headers) {
  return Response.json({ errors: [{ code, message, long_message: message }] }, { status, headers });
}
