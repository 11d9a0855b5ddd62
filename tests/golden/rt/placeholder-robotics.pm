# Customer: Placeholder Robotics AG
Set(%ServiceBusinessHours, (
  'PLACEHOLDER-2027-001 support' => {
    1 => { Name => 'Monday', Start => '09:00', End => '18:00' },
    2 => { Name => 'Tuesday', Start => '09:00', End => '18:00' },
    3 => { Name => 'Wednesday', Start => '09:00', End => '18:00' },
    4 => { Name => 'Thursday', Start => '09:00', End => '18:00' },
    5 => { Name => 'Friday', Start => '09:00', End => '18:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => undef, End => undef },
    holidays => [ '2027-01-01', '2027-05-31', '2027-07-05', '2027-09-06', '2027-11-25', '2027-12-24', '2028-05-29', '2028-07-04', '2028-09-04', '2028-11-23', '2028-12-25', '2029-01-01', '2029-05-28', '2029-07-04', '2029-09-03', '2029-11-22', '2029-12-25', '2030-01-01' ],
  },
));
Set(%ServiceAgreements, (Levels => {
  'PLACEHOLDER-2027-001/sev1' => {
    StartImmediately => 1,
    Response => { RealMinutes => 30 },
    KeepInLoop => { RealMinutes => 60 },
  },
  'PLACEHOLDER-2027-001/sev2' => {
    BusinessHours => 'PLACEHOLDER-2027-001 support',
    Timezone => 'America/New_York',
    Response => { BusinessMinutes => 120 },
    KeepInLoop => { BusinessMinutes => 240 },
  },
  'PLACEHOLDER-2027-001/sev3' => {
    BusinessHours => 'PLACEHOLDER-2027-001 support',
    Timezone => 'America/New_York',
    Response => { BusinessMinutes => 540 },
  },
}));
1;
