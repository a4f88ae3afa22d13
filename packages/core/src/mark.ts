/** What a runner tells one further inside, in `init.authflow`. */
export interface Mark {
  readonly origin: string;
  readonly left?: boolean | undefined;
  readonly here?: string | undefined;
  readonly secure?: boolean | undefined;
  readonly off?: boolean | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly user?: (() => string | undefined) | undefined;
  readonly userinfo?:
    | ((origin: string) => { readonly username: string; readonly password: string } | undefined)
    | undefined;
  readonly learn?: ((name: string, value: string) => void) | undefined;
  readonly report?: ((exchange: unknown) => void) | undefined;
}

/** An init on its way inward. */
export type MarkedInit = Readonly<Record<string, unknown>> & { readonly authflow?: Mark };

/** A mark that says what another one says, but for some members. A runner computes its own in getters, so no spread copies it. */
export function markWith(mark: Mark | undefined, members: Partial<Mark> & Pick<Mark, "origin">): Mark {
  return {
    ...(mark && {
      left: mark.left,
      here: mark.here,
      secure: mark.secure,
      off: mark.off,
      secrets: mark.secrets,
      user: mark.user?.bind(mark),
      userinfo: mark.userinfo?.bind(mark),
      learn: mark.learn?.bind(mark),
      report: mark.report?.bind(mark),
    }),
    ...members,
  };
}

/** Whether a call wants no authentication at all, as its caller says it or as a wrapper outside passes it on. */
export function isOff(init: MarkedInit | undefined): boolean {
  return init?.["auth"] === null || init?.authflow?.off === true;
}
