package io.carillon.spec;

/** A body that is not one JSON object; one fault, since nothing after it can be trusted. */
public final class UnreadableJson extends RuntimeException {
  private final String code;
  private final String pointer;

  UnreadableJson(String code, String detail, String pointer) {
    super(detail);
    this.code = code;
    this.pointer = pointer;
  }

  /** Stable: {@code json_empty}, {@code json_syntax}, … */
  public String code() {
    return code;
  }

  /** For people; holds nothing of the body but what is wrong with it. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** Where, as far as it is known (RFC 6901); may be empty. */
  public String pointer() {
    return pointer;
  }
}
