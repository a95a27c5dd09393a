package io.carillon.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random texts of six and seven fields that mean something. */
final class CronTexts {
  private static final String[] DAYS = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
  private static final String[] MONTHS = {"JAN", "FEB", "MAR", "JUN", "SEP", "OCT", "DEC"};
  private final Random random;

  CronTexts(Random random) {
    this.random = random;
  }

  String next() {
    boolean byDay = random.nextBoolean();
    String year = random.nextInt(6) == 0 ? " " + (2024 + random.nextInt(12)) + "/3" : "";
    return field(0, 59)
        + " "
        + field(0, 59)
        + " "
        + field(0, 23)
        + " "
        + (byDay ? day() : "?")
        + " "
        + (random.nextInt(3) == 0 ? month() : "*")
        + " "
        + (byDay ? "?" : weekday())
        + year;
  }

  /** Every day, at times of the night and the evening, when clocks change. */
  String daily() {
    String hour =
        switch (random.nextInt(5)) {
          case 0 -> "*";
          case 1 -> "0-4";
          case 2 -> "*/2";
          case 3 -> "22-3";
          default -> Integer.toString(new int[] {0, 1, 2, 3, 21, 22, 23}[random.nextInt(7)]);
        };
    return (random.nextInt(4) == 0 ? field(0, 59) : "0")
        + " "
        + field(0, 59)
        + " "
        + hour
        + " * * ?";
  }

  private String day() {
    return switch (random.nextInt(9)) {
      case 0 -> "L";
      case 1 -> "LW";
      case 2 -> "L-" + (1 + random.nextInt(30));
      case 3 -> "L-" + (1 + random.nextInt(30)) + "W";
      case 4 -> (1 + random.nextInt(31)) + "W";
      case 5 -> (1 + random.nextInt(31)) + "W,L-" + random.nextInt(5);
      default -> field(1, 31);
    };
  }

  private String weekday() {
    return switch (random.nextInt(6)) {
      case 0 -> (1 + random.nextInt(7)) + "L";
      case 1 -> (1 + random.nextInt(7)) + "#" + (1 + random.nextInt(5));
      case 2 -> DAYS[random.nextInt(7)] + "-" + DAYS[random.nextInt(7)];
      case 3 -> DAYS[random.nextInt(7)] + "," + DAYS[random.nextInt(7)];
      default -> field(1, 7);
    };
  }

  private String month() {
    return random.nextBoolean()
        ? MONTHS[random.nextInt(7)] + "-" + MONTHS[random.nextInt(7)]
        : field(1, 12);
  }

  private String field(int min, int max) {
    List<String> elements = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
    for (int n = 0; n < count; n++) {
      elements.add(element(min, max));
    }
    return String.join(",", elements);
  }

  private String element(int min, int max) {
    int span = max - min + 1;
    int low = min + random.nextInt(span);
    int high = min + random.nextInt(span);
    int step = 1 + random.nextInt(max - min);
    return switch (random.nextInt(6)) {
      case 0 -> "*";
      case 1 -> "*/" + step;
      case 2 -> low + "-" + high;
      case 3 -> low + "-" + high + "/" + step;
      case 4 -> low + "/" + step;
      default -> Integer.toString(low);
    };
  }
}
