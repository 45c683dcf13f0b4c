(function(){"use strict";
function show(time){
var at=new Date(time.dateTime).getTime(),now=Date.now(),minutes=Math.floor(Math.abs(at-now)/60000),units=time.dataset.units.split(" ");
var days=Math.floor(minutes/1440),hours=Math.floor(minutes/60)%24,rest=minutes%60,parts=[];
if(days)parts.push(days+" "+units[0]);
if(hours)parts.push(hours+" "+units[1]);
if(minutes<1440&&(rest||!parts.length))parts.push(rest+" "+units[2]);
time.textContent=(at>=now?time.dataset.left:time.dataset.over).replace("{time}",parts.join(" "));
time.classList.toggle("late",at<now);}
function all(){document.querySelectorAll("time[data-left]").forEach(show);}
setInterval(all,20000);
})();
