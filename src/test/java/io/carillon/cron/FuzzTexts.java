package io.carillon.cron;

import java.util.Random;

/** Texts that mean something, texts that nearly do, and garbage up to 5,000 characters. */
final class FuzzTexts {
  private static final String SIGNS = "0123456789*?/-,LW#HMONFRIJAN @ 0 * * ? \t";
  private static final String[] DAYS = {
    "0", "7", "1-5", "5,6", "mon-fri", "5L", "2#3", "*/2", "sun"
  };
  private static final String[] MACROS = {
    "@daily", "@hourly", "@every 5m", "@weekly", "@never", "@"
  };

  private final Random random;
  private final CronTexts texts;

  FuzzTexts(Random random) {
    this.random = random;
    this.texts = new CronTexts(random);
  }

  String next() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> texts.next();
      case 3 -> texts.daily();
      case 4 -> unix();
      case 5, 6, 7 -> spoilt(random.nextBoolean() ? texts.next() : unix());
      case 8 -> signs(60);
      default -> garbage();
    };
  }

  /** Five fields, often with both days restricted. */
  private String unix() {
    String[] fields = texts.next().split(" ");
    String day = random.nextInt(3) == 0 ? fields[3] : Integer.toString(1 + random.nextInt(28));
    String weekday = random.nextInt(3) == 0 ? "*" : DAYS[random.nextInt(DAYS.length)];
    return fields[1] + " " + fields[2] + " " + day + " " + fields[4] + " " + weekday;
  }

  /** One to three characters are lost, added or others. */
  private String spoilt(String text) {
    StringBuilder spoilt = new StringBuilder(text);
    for (int n = random.nextInt(3); n >= 0 && !spoilt.isEmpty(); n--) {
      int at = random.nextInt(spoilt.length());
      switch (random.nextInt(3)) {
        case 0 -> spoilt.deleteCharAt(at);
        case 1 -> spoilt.insert(at, sign());
        default -> spoilt.setCharAt(at, sign());
      }
    }
    return spoilt.toString();
  }

  private String signs(int most) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(most); n > 0; n--) {
      text.append(sign());
      if (random.nextInt(3) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private String garbage() {
    return switch (random.nextInt(5)) {
      case 0 -> "1,".repeat(random.nextInt(2_500));
      case 1 -> signs(4_000);
      case 2 -> MACROS[random.nextInt(MACROS.length)] + (random.nextBoolean() ? "" : signs(9));
      case 3 -> "0 0 0 " + "L".repeat(random.nextInt(60)) + " * ?".repeat(random.nextInt(4));
      default ->
          random
              .ints(random.nextInt(random.nextBoolean() ? 30 : 5_000), 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
    };
  }

  private char sign() {
    return SIGNS.charAt(random.nextInt(SIGNS.length()));
  }
}
