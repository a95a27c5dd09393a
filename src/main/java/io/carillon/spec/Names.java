package io.carillon.spec;

/** The rules for names that people read and compare. Stateless. */
final class Names {
  static final int LONGEST = 190;
  private static final int JOINER = 0x200D;

  private Names() {}

  /** Notes every fault of a name. */
  static void check(String name, String pointer, Faults faults) {
    if (name.isEmpty()) {
      faults.add(pointer, "name_empty", "a name has at least one character");
      return;
    }
    if (name.isBlank()) {
      faults.add(pointer, "name_blank", "a name of blanks only");
      return;
    }
    int length = name.codePointCount(0, name.length());
    if (length > LONGEST) {
      faults.add(
          pointer, "name_too_long", length + " characters; at most " + LONGEST + " are stored");
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      faults.add(pointer, "name_control", "a control character");
    }
    if (isBlank(name.codePointAt(0)) || isBlank(name.codePointBefore(name.length()))) {
      faults.add(pointer, "name_trailing_blank", "a blank at its begin or end");
    }
    if (name.codePoints().anyMatch(Names::isBidi)) {
      faults.add(pointer, "name_bidi", "a character that changes the direction of writing");
    }
    if (hasInvisible(name)) {
      faults.add(pointer, "name_zero_width", "a character that cannot be seen");
    }
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean isBidi(int c) {
    return c == 0x200E
        || c == 0x200F
        || c == 0x061C
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /** A joiner inside an emoji is seen; elsewhere it is not. */
  private static boolean hasInvisible(String name) {
    int[] points = name.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      int c = points[i];
      boolean joins =
          c == JOINER
              && i > 0
              && i + 1 < points.length
              && isPicture(points[i - 1])
              && isPicture(points[i + 1]);
      boolean invisible =
          c == 0x200B
              || c == 0x200C
              || (c == JOINER && !joins)
              || (c >= 0x2060 && c <= 0x2064)
              || c == 0xFEFF
              || c == 0x00AD
              || c == 0x180E
              || c == 0x115F
              || c == 0x3164;
      if (invisible) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPicture(int c) {
    int type = Character.getType(c);
    return type == Character.OTHER_SYMBOL || type == Character.MODIFIER_SYMBOL || c == 0xFE0F;
  }
}
