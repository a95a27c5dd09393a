package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;

/** What had to hold. A check that fails does not end the run, but makes it fail. For one thread. */
final class Checks {
  private final List<String> failed = new ArrayList<>();

  void that(boolean holds, String otherwise) {
    if (!holds) {
      failed.add(otherwise);
    }
  }

  List<String> failed() {
    return List.copyOf(failed);
  }
}
