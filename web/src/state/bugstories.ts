/** The scenarios of known bugs by path. */
export const stories = import.meta.glob<string>("../../../examples/bugs/*.scenario", {
  query: "?raw",
  import: "default",
  eager: true,
});
