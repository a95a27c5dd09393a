package io.carillon.cron;

/** Stops the reading of a text; never leaves this package. */
final class CronFault extends RuntimeException {
  private final String code;

  CronFault(String code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  static CronFault of(CronField field, String detail) {
    return new CronFault(field.code, detail);
  }

  Reading.Invalid reading() {
    return new Reading.Invalid(code, String.valueOf(getMessage()));
  }
}
