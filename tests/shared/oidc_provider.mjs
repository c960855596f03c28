// A hospital's log-in by OpenID Connect: npm's oidc-provider, with people who are in groups. Any password is taken.
// node oidc_provider.mjs ISSUER PORT REDIRECT_URI SECRET PEOPLE.json
import { readFileSync } from "node:fs";
import * as oidc from "oidc-provider";

const [issuer, port, redirect, secret, file] = process.argv.slice(2);
const people = JSON.parse(readFileSync(file, "utf8"));

const provider = new oidc.Provider(issuer, {
  clients: [{ client_id: "dayzero", client_secret: secret, redirect_uris: [redirect], response_types: ["code"] }],
  scopes: ["openid", "profile", "groups"],
  claims: { openid: ["sub"], profile: ["preferred_username"], groups: ["groups"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.listen(Number(port), "127.0.0.1");
