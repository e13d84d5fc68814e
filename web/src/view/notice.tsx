import { notice } from "../state/notice";
import { Cross } from "./icons";

/** A sentence to be read once. */
export function Notice() {
  return (
    <div class="notice" role="status" hidden={notice.value === ""}>
      <p>{notice.value}</p>
      <button
        type="button"
        class="round"
        aria-label="Put away"
        onClick={() => {
          notice.value = "";
        }}
      >
        <Cross />
      </button>
    </div>
  );
}
