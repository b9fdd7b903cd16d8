/* A small OIDC authority, as a browser and the server see a real one: discovery, keys, a page on which one signs in, and
   a token endpoint that insists on PKCE, on the address that was registered, and on each code being used once.
   `node browser/authority.mjs` runs one and prints its address. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

export const clientId = 'nextup-page';

const faults = {
  none: 'nothing',
  nonce: 'another nonce',
  audience: 'another audience',
  key: 'a key that is not published',
  expired: 'a time that is over',
};

export class Authority {
  codes = new Map();
  published = newKey('published');
  foreign = newKey('published');

  constructor() {
    this.http = createServer((request, response) => {
      this.answer(request, response).catch((error) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
  }

  async start(port = 0) {
    await new Promise((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.http.address().port}`;
    return this.url;
  }

  async answer(request, response) {
    const url = new URL(request.url, this.url);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return json(response, {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/keys`,
        });
      case 'GET /keys':
        return json(response, { keys: [{ ...this.published.jwk, use: 'sig', alg: 'RS256', kid: this.published.id }] });
      case 'GET /authorize':
        return this.ask(response, url.searchParams);
      case 'POST /authorize':
        return this.decide(response, new URLSearchParams(await bodyOf(request)));
      case 'POST /token':
        return this.redeem(response, new URLSearchParams(await bodyOf(request)));
      // For programs: a token as one gets it elsewhere, with a life of so many seconds.
      case 'GET /issue':
        return this.issue(response, url.searchParams);
    }
    response.statusCode = 404;
    response.end();
  }

  issue(response, query) {
    const token = this.token({ sub: query.get('name'), aud: 'nextup' }, Number(query.get('seconds')));
    return json(response, { token });
  }

  ask(response, query) {
    const wrong = Object.entries({ response_type: 'code', client_id: clientId, code_challenge_method: 'S256' })
      .filter(([name, value]) => query.get(name) !== value)
      .map(([name]) => name);
    const missing = ['redirect_uri', 'state', 'nonce', 'code_challenge', 'scope'].filter((name) => !query.get(name));
    if (wrong.length + missing.length > 0) {
      response.statusCode = 400;
      return response.end(`wrong: ${wrong}; missing: ${missing}`);
    }
    const hidden = [...query].map(
      ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
    );
    const options = Object.entries(faults).map(([value, name]) => `<option value="${value}">${name}</option>`);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(`<!doctype html><html lang="en"><title>The authority</title><link rel="icon" href="data:,">
      <h1>Who are you?</h1><form method="post" action="/authorize">${hidden.join('')}
      <label>Name <input name="name"></label> <label>Role <input name="role"></label>
      <label>Wrong is <select name="fault">${options.join('')}</select></label>
      <button name="decision" value="yes">Let me in</button> <button name="decision" value="no">Do not</button></form></html>`);
  }

  decide(response, form) {
    const back = new URL(form.get('redirect_uri'));
    back.searchParams.set('state', form.get('state'));
    if (form.get('decision') === 'yes') {
      const code = randomBytes(16).toString('hex');
      this.codes.set(code, form);
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    response.statusCode = 303;
    response.setHeader('Location', back.href);
    response.end();
  }

  redeem(response, form) {
    const begun = this.codes.get(form.get('code'));
    this.codes.delete(form.get('code'));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const isRight =
      begun !== undefined &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('client_id') === clientId &&
      form.get('redirect_uri') === begun.get('redirect_uri') &&
      challenge === begun.get('code_challenge');
    if (!isRight) {
      response.statusCode = 400;
      return json(response, { error: 'invalid_grant' });
    }
    const fault = begun.get('fault');
    const claims = {
      sub: begun.get('name'),
      roles: [begun.get('role')],
      aud: fault === 'audience' ? 'somebody-else' : clientId,
      nonce: fault === 'nonce' ? 'another' : begun.get('nonce'),
    };
    const token = this.token(claims, fault === 'expired' ? -3600 : 300, fault === 'key' ? this.foreign : this.published);
    return json(response, { id_token: token, access_token: 'opaque', token_type: 'Bearer' });
  }

  token(claims, seconds, key = this.published) {
    const now = Math.floor(Date.now() / 1000);
    const header = part({ alg: 'RS256', typ: 'JWT', kid: key.id });
    const body = part({ iss: this.url, iat: now, exp: now + seconds, ...claims });
    const signature = createSign('RSA-SHA256').update(`${header}.${body}`).sign(key.privateKey, 'base64url');
    return `${header}.${body}.${signature}`;
  }
}

function newKey(id) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { id, privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function escape(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function json(response, value) {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(value));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`The authority is at ${await new Authority().start()}`);
}
