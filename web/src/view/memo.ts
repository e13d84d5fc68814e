import { Component, type ComponentChildren, type FunctionComponent, h } from "preact";

/** A view that is drawn again only when one of its properties is another: for those on the way of every picture. */
export function memo<P extends object>(view: (props: P) => ComponentChildren): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return differs(this.props as P, next);
    }

    override render() {
      return h(view as FunctionComponent<P>, this.props as P & { key?: string });
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

function differs(now: object, next: object): boolean {
  const [a, b] = [now as Record<string, unknown>, next as Record<string, unknown>];
  return Object.keys({ ...a, ...b }).some((key) => a[key] !== b[key]);
}
