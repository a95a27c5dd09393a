package io.carillon.cron;

import java.time.Duration;
import java.util.List;

/** What became of a cron text. */
public sealed interface Reading {

  /**
   * A text with a meaning.
   *
   * @param normalized in Quartz's form: six or seven fields, seconds first, one day field {@code
   *     ?}; at most 120 characters. Of a Unix text that restricts both day fields two such texts,
   *     joined by {@code " | "}, which fire when either does
   * @param dialect {@link CronReader#UNIX} or {@link CronReader#QUARTZ}: how the text was read
   * @param description what it means, in plain English
   * @param warnings what may surprise its author, in plain English
   */
  record Valid(String normalized, String dialect, String description, List<String> warnings)
      implements Reading {
    public Valid {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * {@code @every}: an interval, not a cron text. Not yet checked against the shortest interval.
   */
  record Every(Duration every) implements Reading {}

  /**
   * A text without a meaning.
   *
   * @param code stable: {@code cron_second}, {@code cron_fields}, …
   */
  record Invalid(String code, String detail) implements Reading {}
}
