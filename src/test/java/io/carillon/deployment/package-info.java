/**
 * Tests of the files by which Carillon is deployed: the compose file, the image and its probe. They
 * are plain text that no compiler reads, so these tests read them. Where a tool that understands
 * such a file is installed it is asked, and where it is not the test says so and is skipped; the
 * checks of the text run everywhere. Nothing here needs a container engine.
 */
@NullMarked
package io.carillon.deployment;

import org.jspecify.annotations.NullMarked;
