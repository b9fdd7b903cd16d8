/* Answers as the real server writes them. */
export function json(response, status, value, type = 'application/json') {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.end(JSON.stringify(value));
}

export function describe(status, code, detail) {
  return { type: `urn:nextup:problem:${code}`, code, status, title: code.replaceAll('-', ' '), detail };
}

export function problem(response, status, code, detail) {
  json(response, status, describe(status, code, detail), 'application/problem+json');
}

export function attachment(response, name, content) {
  response.setHeader('Content-Type', 'application/x-bibtex');
  response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  response.end(content);
}
