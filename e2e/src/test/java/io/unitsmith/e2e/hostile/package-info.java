/** What somebody writes to get more than is theirs, or by mistake: it arrives as it was written, or it is refused. */
package io.unitsmith.e2e.hostile;
