// The page's policy demands that addresses of scripts are marked as its own
// (Trusted Types), where the browser knows of it.

interface TypesPolicy {
  createScriptURL(url: string): string;
}

interface TypesFactory {
  createPolicy(name: string, rules: TypesPolicy): TypesPolicy;
}

const factory = (globalThis as { trustedTypes?: TypesFactory }).trustedTypes;

const policy = factory?.createPolicy("castaway", { createScriptURL: (url) => url });

/** Marks the address of a script of the page's own. */
export function ownScript(url: string): string {
  return policy ? policy.createScriptURL(url) : url;
}
