package io.carillon.quartz.store;

import io.carillon.execution.Held;
import io.carillon.execution.Lane;
import io.carillon.execution.Turns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which of the runs that wait in some lanes are judged: those whose turn it is. Pure. */
final class Picks {
  private Picks() {}

  /**
   * By classes in their turn, and no more than so many, which the lanes share.
   *
   * @param found in the order of each lane
   * @param wanted how many of each class of a lane were asked for
   */
  static List<Held> of(Desks desks, List<Held> found, Map<Lane, Integer> wanted, int most) {
    Map<Lane, List<Held>> byLane = new LinkedHashMap<>();
    found.forEach(held -> byLane.computeIfAbsent(held.lane(), lane -> new ArrayList<>()).add(held));
    List<Held> picked = new ArrayList<>();
    int lanes = byLane.size();
    for (Desk desk : desks.all()) {
      // Who has its turn goes before all others, and is found among the first a second time.
      List<Held> waiting =
          byLane.getOrDefault(desk.lane(), List.of()).stream()
              .distinct()
              .sorted(Comparator.comparing(held -> !desk.isHolder(held.id())))
              .toList();
      int room = most - picked.size();
      int limit = wanted.getOrDefault(desk.lane(), 0);
      if (!waiting.isEmpty()) {
        room = Math.min(room, Math.max(1, room / lanes));
        lanes--;
      }
      List<List<Held>> classes = byClass(waiting);
      List<Held> taken = Turns.take(classes, desk.turn(), Math.min(limit, room));
      picked.addAll(taken);
      boolean isCut =
          classes.stream().anyMatch(ofClass -> !ofClass.isEmpty() && ofClass.size() >= limit);
      desk.looked(taken.size(), isCut || taken.size() < waiting.size());
    }
    return picked;
  }

  private static List<List<Held>> byClass(List<Held> waiting) {
    List<List<Held>> classes = new ArrayList<>();
    for (int rank = 0; rank < Turns.CLASSES; rank++) {
      int of = rank;
      classes.add(waiting.stream().filter(held -> held.rank() == of).toList());
    }
    return classes;
  }
}
