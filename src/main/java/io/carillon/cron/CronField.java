package io.carillon.cron;

import java.util.List;

/** The seven fields in Quartz's order, with Quartz's numbers. */
enum CronField {
  SECOND("cron_second", "second", 0, 59, 59, List.of()),
  MINUTE("cron_minute", "minute", 0, 59, 59, List.of()),
  HOUR("cron_hour", "hour", 0, 23, 23, List.of()),
  DAY_OF_MONTH("cron_day_of_month", "day of month", 1, 31, 31, List.of()),
  MONTH("cron_month", "month", 1, 12, 12, Names.MONTHS),
  DAY_OF_WEEK("cron_day_of_week", "day of week", 1, 7, 7, Names.DAYS),
  YEAR("cron_year", "year", 1970, 2299, 329, List.of());

  final String code;
  final String title;
  final int min;
  final int max;
  final int longestStep;

  /** Three-letter names; the first stands for {@link #min}. */
  final List<String> names;

  CronField(String code, String title, int min, int max, int longestStep, List<String> names) {
    this.code = code;
    this.title = title;
    this.min = min;
    this.max = max;
    this.longestStep = longestStep;
    this.names = names;
  }

  boolean isDay() {
    return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
  }

  String name(int value) {
    return names.get(value - min);
  }

  private static final class Names {
    static final List<String> MONTHS =
        List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  }
}
