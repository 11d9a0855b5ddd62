# SLA terms SUN-2026-003, revision 2, text SHA-256 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
# Customer: 日本ロボット K.K.
Set(%ServiceBusinessHours, (
  'SUN-2026-003 berlin' => {
    1 => { Name => 'Monday', Start => '09:00', End => '17:00' },
    2 => { Name => 'Tuesday', Start => '09:00', End => '17:00' },
    3 => { Name => 'Wednesday', Start => '09:00', End => '17:00' },
    4 => { Name => 'Thursday', Start => '09:00', End => '17:00' },
    5 => { Name => 'Friday', Start => '09:00', End => '17:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => undef, End => undef },
    holidays => [ '2026-12-25' ],
  },
  'SUN-2026-003 tokyo' => {
    1 => { Name => 'Monday', Start => '09:00', End => '18:00' },
    2 => { Name => 'Tuesday', Start => '09:00', End => '18:00' },
    3 => { Name => 'Wednesday', Start => '09:00', End => '18:00' },
    4 => { Name => 'Thursday', Start => '09:00', End => '18:00' },
    5 => { Name => 'Friday', Start => '09:00', End => '18:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => undef, End => undef },
    holidays => [ '2027-01-01' ],
  },
));
Set(%ServiceAgreements, (Levels => {
  'SUN-2026-003/sev1' => {
    StartImmediately => 1,
    Response => { RealMinutes => 120 },
    Resolve => { RealMinutes => 1920, IgnoreOnStatuses => [ 'stalled' ], ExcludeTimeOnIgnoredStatuses => 1 },
  },
  'SUN-2026-003/sev2' => {
    BusinessHours => 'SUN-2026-003 berlin',
    Timezone => 'Europe/Berlin',
    Response => { BusinessMinutes => 240 },
  },
}));
1;
