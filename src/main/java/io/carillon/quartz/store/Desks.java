package io.carillon.quartz.store;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Held;
import io.carillon.execution.HostGates.Gate;
import io.carillon.execution.Lane;
import io.carillon.execution.Lane.Kind;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.LaneRows.Permit;
import io.carillon.execution.LaneRows.Taken;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.Need;
import io.carillon.execution.Pace;
import io.carillon.execution.QueuePauses;
import io.carillon.execution.Reasons;
import io.carillon.job.Job;
import io.carillon.job.QueueSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which held runs go: the lanes that a transaction has locked, and what is known of hosts.
 * Sends nothing. One transaction, one thread.
 */
final class Desks {
  /** Of lanes whose limit only their jobs know, so many runs are looked at. */
  private static final int A_FEW = 10;

  private static final long ORDER_MILLIS = 20;

  /**
   * What waits in the last lane that it has to pass goes before what has to pass that one yet, and
   * would never get there if it came later.
   */
  private static final Comparator<Locked> FURTHEST_FIRST =
      Comparator.comparing((Locked row) -> row.lane().kind()).reversed();

  private final Map<Lane, Desk> desks = new LinkedHashMap<>();
  private final Grants grants;
  private final Known known;
  private final HostDoors hosts;

  /**
   * What decides, beside the lanes.
   *
   * @param queues the settings of limited queues, by their lanes
   * @param shut hosts that may not be called
   * @param calls of this node, by host
   * @param now by this node's clock
   */
  record Known(
      Map<Lane, QueueSettings> queues,
      Map<String, Gate> shut,
      HostCalls calls,
      QueuePauses pauses,
      Instant now) {}

  Desks(Known known) {
    this.known = known;
    this.grants = new Grants(desks, known.now());
    this.hosts = new HostDoors(known.shut(), known.calls(), known.now());
  }

  void add(Collection<Locked> rows, Map<Lane, Taken> taken) {
    rows.stream()
        .sorted(FURTHEST_FIRST)
        .forEach(row -> desks.put(row.lane(), new Desk(row, taken.get(row.lane()))));
  }

  List<Locked> written() {
    return desks.values().stream().filter(Desk::isChanged).map(Desk::written).toList();
  }

  /** Whether there is something to look at in one of them as soon as this transaction is over. */
  boolean isReady() {
    return desks.values().stream().anyMatch(Desk::isReady);
  }

  List<Permit> permits(ExecutionId id) {
    return grants.permits(id);
  }

  /** How many of each lane to read, of each class. */
  Map<Lane, Integer> wanted(int most) {
    Map<Lane, Integer> wanted = new LinkedHashMap<>();
    desks.forEach((lane, desk) -> wanted.put(lane, wanted(desk, most)));
    return wanted;
  }

  private int wanted(Desk desk, int most) {
    Lane lane = desk.lane();
    return switch (lane.kind()) {
      case FIFO -> 1;
      case THROTTLE -> desk.starts(new Pace(1, 0), 1) == 0 ? 0 : Math.min(most, A_FEW);
      case HOST -> hosts.wanted(desk, most);
      case JOB, JOBS_HOST -> Math.min(most, A_FEW);
      case QUEUE_HOST -> {
        int tab = lane.name().lastIndexOf('\t');
        Lane queue = Lane.queue(lane.namespace(), lane.name().substring(0, Math.max(0, tab)));
        QueueSettings settings = known.queues().get(queue);
        yield isPaused(queue.namespace(), queue.name())
            ? 0
            : desk.room(settings == null ? null : settings.perHostConcurrency(), most);
      }
      case QUEUE -> {
        QueueSettings settings = known.queues().get(lane);
        if (isPaused(lane.namespace(), lane.name())) {
          yield 0;
        }
        if (settings == null) {
          yield most;
        }
        int room = desk.room(settings.concurrency(), most);
        Pace pace = settings.rate() == null ? null : Pace.of(settings.rate());
        yield room == 0 ? 0 : desk.starts(pace, room);
      }
    };
  }

  /** Whether nothing of a queue runs for now. */
  boolean isPaused(String namespace, String queue) {
    return known.pauses().lasting().stream()
        .anyMatch(pause -> pause.namespace().equals(namespace) && pause.queue().equals(queue));
  }

  /** The lanes whose rows are locked; of those that were locked together the furthest first. */
  Collection<Desk> all() {
    return desks.values();
  }

  /**
   * What becomes of a run. Where it goes, or takes its turn in the order of its key, it is counted.
   *
   * @param firstDue the first instant that is due and was not looked at yet; null if there is none
   */
  Verdict judge(Held held, Job job, @Nullable Instant firstDue, HostDoors.Probe probe)
      throws SQLException {
    Lane queue = Lane.queue(job.id().namespace(), job.queue());
    List<Need> needs = Need.of(job, known.queues().get(queue), held.attempt());
    List<Need> free = new ArrayList<>();
    for (Need need : needs) {
      Desk desk = desks.get(need.lane());
      if (desk == null) {
        again(held);
        return Verdict.LEAVE;
      }
      if (desk.lane().kind() == Kind.FIFO && desk.isHolder(held.id())) {
        continue;
      }
      if (desk.room(need.most(), 1) == 0 || isBehind(desk)) {
        return stop(held, need.lane(), Reasons.CONCURRENCY, free);
      }
      if (desk.lane().kind() == Kind.FIFO
          && firstDue != null
          && !firstDue.isAfter(held.id().scheduledAt())) {
        desk.again(desk.now() / 1_000 + ORDER_MILLIS);
        desk.full();
        return Verdict.LEAVE;
      }
      if (need.pace() != null && desk.isTooEarly(need.pace())) {
        return stop(held, need.lane(), Reasons.RATE_LIMITED, free);
      }
      free.add(need);
    }
    String host = held.host();
    if (host == null) {
      return go(held, free, null);
    }
    return switch (hosts.of(host, held.id(), probe)) {
      case SHUT -> stop(held, Lane.host(host), Reasons.CIRCUIT_OPEN, free);
      case FULL -> stop(held, Lane.host(host), Reasons.CONCURRENCY, free);
      case BUSY -> later(held);
      case OPEN -> go(held, free, host);
    };
  }

  /**
   * Whether runs wait in a lane that each job limits by a number of its own, so that one with a
   * small number is not overtaken for ever by those with larger ones.
   */
  private static boolean isBehind(Desk desk) {
    return desk.lane().kind() == Kind.JOBS_HOST && desk.isFull();
  }

  private Verdict go(Held held, List<Need> needs, @Nullable String host) {
    if (host != null) {
      hosts.grant(host);
    }
    return grants.go(held.id(), needs);
  }

  /** It keeps its turn in the order of its key while it waits for something else. */
  private Verdict stop(Held held, Lane lane, String reason, List<Need> free) {
    free.stream()
        .filter(need -> need.lane().kind() == Kind.FIFO)
        .forEach(need -> grants.take(held.id(), need, 0));
    Desk desk = desks.get(lane);
    if (desk != null && lane.kind() == Kind.HOST) {
      hosts.again(desk);
    }
    if (!lane.equals(held.lane())) {
      return new Verdict.Wait(lane, reason, List.of());
    }
    if (desk != null) {
      desk.full();
    }
    return Verdict.LEAVE;
  }

  /** Its host answers quickly: it is worth waiting for. */
  private Verdict later(Held held) {
    Desk desk = desks.get(held.lane());
    if (desk != null) {
      desk.full();
      desk.again(desk.now() / 1_000 + ORDER_MILLIS);
    }
    return Verdict.LEAVE;
  }

  void again(Held held) {
    Desk desk = desks.get(held.lane());
    if (desk != null) {
      desk.more();
    }
  }

  /** What was to go did not: there is room again where it was counted. */
  void dropped(ExecutionId id) {
    grants.dropped(id);
  }

  /** The lanes that runs need and that are not locked yet. */
  Set<Lane> missing(Collection<Held> picked, Map<ExecutionId, Job> jobs) {
    Set<Lane> missing = new LinkedHashSet<>();
    for (Held held : picked) {
      Job job = jobs.get(held.id());
      if (job != null) {
        Lane queue = Lane.queue(job.id().namespace(), job.queue());
        Need.of(job, known.queues().get(queue), held.attempt()).stream()
            .map(Need::lane)
            .filter(lane -> !desks.containsKey(lane))
            .forEach(missing::add);
      }
    }
    return missing;
  }
}
